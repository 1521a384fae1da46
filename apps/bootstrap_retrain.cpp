// bootstrap-retrain: the runtime of the function that retrains. In its zip it stands under the name bootstrap. A store
// of models, the trainer, the gate, the Runtime API. docs/bootstrap.md describes its settings and what it writes.
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "textlambda/io/executor.h"
#include "textlambda/io/remote_files.h"
#include "textlambda/loop/configuration.h"
#include "textlambda/loop/handler.h"
#include "textlambda/runtime/run_loop.h"
#include "textlambda/runtime/runtime_api.h"
#include "textlambda/telemetry/line_writer.h"
#include "textlambda/telemetry/log_line.h"

#include "command/exit_status.h"
#include "function_program.h"
#include "function_s3.h"

namespace textlambda {
namespace {

using command::epoch_ms;
using command::kDone;
using command::monotonic_ms;
using lambda::LogLevel;

constexpr const char* kHelp =
    "bootstrap-retrain: the runtime of a function that keeps labelled texts and retrains. AWS Lambda starts it; here:\n"
    "\n"
    "  textlambda-package --function retrain -o retrain.zip     what is deployed\n"
    "  TEXTLAMBDA_STORE=models TEXTLAMBDA_CORPUS=train.csv TEXTLAMBDA_TEST=test.csv \\\n"
    "    AWS_LAMBDA_RUNTIME_API=127.0.0.1:9001 bootstrap-retrain\n"
    "\n"
    "It takes no options but --help and --version; its settings are environment variables:\n"
    "TEXTLAMBDA_STORE, _CORPUS, _TEST, _FORMAT, _TEXT, _LABEL, _MAX_DROP, _MIN, _REQUIRE, _ALPHA, _SEED, _FEEDBACK,\n"
    "_MEMORY, _TEXT_POINTERS, _LABEL_POINTERS, _CORS_ORIGIN, _LOG_LEVEL (docs/bootstrap.md).\n";

class Log {
 public:
  explicit Log(LogLevel lowest) : lowest_(lowest), output_(STDOUT_FILENO) {}

  void message(LogLevel level, std::string_view message, std::string_view request_id) {
    if (level < lowest_) return;
    output_.write(telemetry::message_line(level, {.time_ms = epoch_ms(), .request_id = request_id}, message));
  }

  void answer(const lambda::Invocation& invocation, const lambda::Answer& answer, double milliseconds) {
    if (lowest_ == LogLevel::off) return;
    const telemetry::LogMoment moment{.time_ms = epoch_ms(), .request_id = invocation.request_id};
    if (telemetry::level_of(answer) >= lowest_) {
      output_.write(telemetry::invocation_line(moment, answer, std::round(milliseconds * 1000) / 1000));
    }
    for (const std::string& line : telemetry::record_lines(moment, answer, std::max(lowest_, LogLevel::warn))) {
      output_.write(line);
    }
  }

 private:
  LogLevel lowest_;
  telemetry::LineWriter output_;
};

int run(const char* address) {
  io::set_remote_files({command::files_in_s3()});
  runtime::RuntimeApi api(address, command::termination_file());
  const char* error_type = "Runtime.InvalidConfiguration";
  std::optional<loop::Configuration> configuration;
  std::optional<loop::Handler> handler;
  const int status = command::start_or_report(api, error_type, [&] {
    configuration = loop::read_configuration(command::environment_variable);
    error_type = "Runtime.InvalidStore";
    command::end_requests_within(command::kInitTime);
    handler.emplace(*configuration, epoch_ms, io::available_threads());
  });
  if (status != kDone) return status;
  command::warn_of_unknown_settings(configuration->log_level, loop::setting_names());
  Log log(configuration->log_level);
  runtime::run(
      api,
      [&](const lambda::Invocation& invocation) {
        ::setenv("_X_AMZN_TRACE_ID", invocation.trace_id.c_str(), 1);
        const double begin = monotonic_ms();
        const std::int64_t now = epoch_ms();
        const std::optional<std::int64_t> stop = loop::stop_of(invocation.deadline_ms, now);
        command::end_requests_within(stop ? std::optional(std::chrono::milliseconds(*stop - now)) : std::nullopt);
        lambda::Answer answer = handler->handle(invocation, [&](LogLevel level, std::string_view message) {
          log.message(level, message, invocation.request_id);
        });
        log.answer(invocation, answer, monotonic_ms() - begin);
        return answer;
      },
      [&](const lambda::Invocation& invocation, std::string_view reason) {
        log.message(LogLevel::error, "the answer was not taken: " + std::string(reason), invocation.request_id);
      });
  return kDone;
}

}  // namespace
}  // namespace textlambda

int main(int argc, char** argv) {
  return textlambda::command::function_main("bootstrap-retrain", textlambda::kHelp, argc, argv, textlambda::run);
}
