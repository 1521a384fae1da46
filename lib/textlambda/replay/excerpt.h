// A value of a recording inside a message: one line of valid UTF-8 without control characters, cut after 60 bytes.
// Pure.
#pragma once

#include <string>
#include <string_view>

namespace textlambda::replay {

std::string excerpt(std::string_view json);

}  // namespace textlambda::replay
