// Messages of application/vnd.amazon.eventstream, as InvokeWithResponseStream answers: a prelude with lengths and its
// checksum, headers, the payload, a checksum.
// https://docs.aws.amazon.com/AmazonS3/latest/API/RESTSelectObjectAppendix.html
// Pure functions, thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "textlambda/http/message.h"

namespace textlambda::conform {

struct EventMessage {
  std::vector<http::Header> headers;  // those that are strings
  std::string payload;

  std::string_view header(std::string_view name) const { return http::find_header(headers, name); }
};

// Fills `messages`, or returns why not, in one line.
std::string read_event_stream(std::string_view bytes, std::vector<EventMessage>& messages);

}  // namespace textlambda::conform
