// What both APIs carry where a function fails. A pure function, thread-safe.
#pragma once

#include <string>
#include <string_view>

namespace textlambda::protocol {

// {"errorMessage":…,"errorType":…,"stackTrace":[]}; broken UTF-8 as U+FFFD.
std::string error_body(std::string_view error_type, std::string_view message);

}  // namespace textlambda::protocol
