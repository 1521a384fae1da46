// Capturing traffic: a share of the invocations is logged whole, each as a recording in one line, which
// textlambda-replay reads back (docs/replay.md). Pure functions, thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "textlambda/lambda/handler.h"
#include "textlambda/lambda/invocation.h"
#include "textlambda/telemetry/redaction.h"

namespace textlambda::telemetry {

// Whether an invocation is in the share, 0 … 1. By a hash of its request id alone: the same on every machine and for
// every retry, and what is in a share is in every larger one.
bool is_captured(std::string_view request_id, double share);

struct CaptureLine {
  std::string line;  // without the newline; empty if it is left out
  // Why, in one line: the event is no JSON, the line would be longer than a log may hold, or a credential is in what
  // is packed.
  std::string left_out;
};

// {"event", "response", "context", "time", "request_id", "model"}. Event and response stand as they were, but for line
// breaks between their tokens and the credentials that `redaction` takes out.
CaptureLine capture_line(const lambda::Invocation& invocation, const lambda::Answer& answer, std::int64_t time_ms,
                         std::string_view model_id, const Redaction& redaction);

}  // namespace textlambda::telemetry
