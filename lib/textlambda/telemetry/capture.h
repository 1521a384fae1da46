// Capturing traffic: a share of the invocations is logged whole, each as a recording in one line, which
// textlambda-replay reads back (docs/replay.md). Pure functions, thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "textlambda/lambda/handler.h"
#include "textlambda/lambda/invocation.h"

namespace textlambda::telemetry {

// Whether an invocation is in the share, 0 … 1. By a hash of its request id alone: the same on every machine and for
// every retry, and what is in a share is in every larger one.
bool is_captured(std::string_view request_id, double share);

struct CaptureLine {
  std::string line;      // without the newline; empty if it is left out
  std::string left_out;  // why, in one line: the event is no JSON, or the line would be longer than a log may hold
};

// {"event", "response", "context", "time", "request_id", "model"}. Event and response stand as they were, but for line
// breaks between their tokens.
CaptureLine capture_line(const lambda::Invocation& invocation, const lambda::Answer& answer, std::int64_t time_ms,
                         std::string_view model_id);

}  // namespace textlambda::telemetry
