// What a function is handed for one call: the event's bytes, and the context that came in headers beside them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace textlambda::lambda {

struct Invocation {
  std::string_view event;  // any bytes; they have to outlive the call
  std::string request_id;
  std::string invocation_id = {};  // the host's own name for this try, which goes back to it; empty where it gave none
  std::string function_arn = {};
  std::string trace_id = {};
  std::string client_context = {};    // JSON, of mobile clients
  std::string cognito_identity = {};  // JSON, of mobile clients
  std::int64_t deadline_ms = 0;       // milliseconds since 1970 in UTC; 0 where there is none
};

}  // namespace textlambda::lambda
