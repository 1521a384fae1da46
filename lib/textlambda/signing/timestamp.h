// Moments as signatures have them: whole seconds in UTC. Pure functions, thread-safe.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace textlambda::signing {

using Moment = std::chrono::sys_seconds;

// ISO 8601's basic format: 20150830T123600Z.
std::string timestamp(Moment moment);
std::optional<Moment> parse_timestamp(std::string_view text);

// The Date header of HTTP (RFC 9110, section 5.6.7): Sun, 30 Aug 2015 12:36:00 GMT.
std::string http_date(Moment moment);
std::optional<Moment> parse_http_date(std::string_view text);

}  // namespace textlambda::signing
