// The handler with what a function in production tells of itself: log lines, metrics, captured invocations.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "textlambda/lambda/configuration.h"
#include "textlambda/lambda/handler.h"
#include "textlambda/telemetry/log_line.h"
#include "textlambda/telemetry/redaction.h"

namespace textlambda::telemetry {

// Passed in, so that a test knows the time.
struct Clocks {
  std::function<std::int64_t()> epoch_ms;  // milliseconds since 1970
  std::function<double()> monotonic_ms;    // from any beginning, never backwards
};

class ObservedHandler {
 public:
  using Sink = std::function<void(std::string_view line)>;

  // All of them have to outlive it. Lines go to `sink`, without their newlines.
  ObservedHandler(const lambda::Handler& handler, const lambda::Configuration& configuration, Clocks clocks, Sink sink);

  // Of the invocations to come.
  void use(const lambda::Handler& handler);

  // Lines are written before the answer is delivered: the tail of the log that a caller may ask for has them.
  lambda::Answer handle(const lambda::Invocation& invocation);

  // A line of its own, if the level asks for it.
  void log(lambda::LogLevel level, std::string_view message, std::string_view request_id = {},
           std::string_view error_type = {});

 private:
  void log_answer(const LogMoment& moment, const lambda::Invocation& invocation, const lambda::Answer& answer,
                  double milliseconds);
  void capture(const LogMoment& moment, const lambda::Invocation& invocation, const lambda::Answer& answer);

  const lambda::Handler* handler_;
  const lambda::Configuration& configuration_;
  Clocks clocks_;
  Sink sink_;
  model::Scratch scratch_;
  Redaction redaction_;
  std::string model_id_;
};

}  // namespace textlambda::telemetry
