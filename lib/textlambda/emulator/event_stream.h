// The messages that a streamed answer is sent in: a prelude, headers, a payload, and their checksums.
// https://docs.aws.amazon.com/lambda/latest/api/API_InvokeWithResponseStream.html and the event stream encoding of the
// Smithy specification, https://smithy.io/2.0/aws/amazon-eventstream.html. Pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "textlambda/emulator/invocation.h"

namespace textlambda::emulator {

struct EventStreamHeader {
  std::string name;
  std::string value;
};

std::string event_stream_message(const std::vector<EventStreamHeader>& headers, std::string_view payload);

// A PayloadChunk.
std::string chunk_message(std::string_view payload);
// The InvokeComplete that follows, with the error and the log.
std::string complete_message(const Outcome& outcome, bool with_log);
// Both, of an answer that is there.
std::string streamed_outcome(const Outcome& outcome, bool with_log);

}  // namespace textlambda::emulator
