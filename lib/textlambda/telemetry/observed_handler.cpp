#include "textlambda/telemetry/observed_handler.h"

#include <cmath>
#include <utility>
#include <vector>

#include "textlambda/telemetry/capture.h"
#include "textlambda/telemetry/log_line.h"
#include "textlambda/telemetry/metrics_line.h"

namespace textlambda::telemetry {

ObservedHandler::ObservedHandler(const lambda::Handler& handler, const lambda::Configuration& configuration,
                                 Clocks clocks, Sink sink)
    : handler_(&handler),
      configuration_(configuration),
      clocks_(std::move(clocks)),
      sink_(std::move(sink)),
      redaction_(configuration.capture_redact),
      model_id_(handler.classifier().file().id()) {}

void ObservedHandler::use(const lambda::Handler& handler) {
  handler_ = &handler;
  model_id_ = handler.classifier().file().id();
}

void ObservedHandler::log(LogLevel level, std::string_view message, std::string_view request_id,
                          std::string_view error_type) {
  if (level < configuration_.log_level) return;
  sink_(message_line(level, {.time_ms = clocks_.epoch_ms(), .request_id = request_id}, message, error_type));
}

lambda::Answer ObservedHandler::handle(const lambda::Invocation& invocation) {
  const LogMoment moment{.time_ms = clocks_.epoch_ms(), .request_id = invocation.request_id};
  const double begin = clocks_.monotonic_ms();
  lambda::Answer answer = handler_->handle(invocation, scratch_);
  // To the microsecond: more digits would be noise.
  const double milliseconds = std::round((clocks_.monotonic_ms() - begin) * 1000) / 1000;

  log_answer(moment, invocation, answer, milliseconds);
  if (configuration_.metrics) {
    for (const std::string& line : metrics_lines(configuration_.metrics_options, moment, answer, milliseconds)) {
      sink_(line);
    }
  }
  if (is_captured(invocation.request_id, configuration_.capture)) capture(moment, invocation, answer);
  return answer;
}

void ObservedHandler::log_answer(const LogMoment& moment, const lambda::Invocation& invocation,
                                 const lambda::Answer& answer, double milliseconds) {
  if (configuration_.log_level == LogLevel::off) return;
  if (level_of(answer) >= configuration_.log_level) {
    sink_(invocation_line(moment, answer, milliseconds));
  }
  for (const std::string& line : record_lines(moment, answer, configuration_.log_level)) sink_(line);
  if (!configuration_.log_text || configuration_.log_level > LogLevel::info) return;
  const std::vector<std::string> texts = handler_->texts(invocation.event);
  for (std::size_t i = 0; i < texts.size(); ++i) sink_(text_line(moment, i, texts[i]));
}

void ObservedHandler::capture(const LogMoment& moment, const lambda::Invocation& invocation,
                              const lambda::Answer& answer) {
  const CaptureLine captured = capture_line(invocation, answer, moment.time_ms, model_id_, redaction_);
  if (captured.left_out.empty()) {
    sink_(captured.line);
  } else {
    log(LogLevel::warn, captured.left_out, invocation.request_id);
  }
}

}  // namespace textlambda::telemetry
