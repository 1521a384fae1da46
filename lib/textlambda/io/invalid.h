// One wording for bytes that are not what they should be, wherever it is found out: "not valid JSON: a syntax error at
// byte 17". Bytes are counted from 1. Pure functions.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace textlambda::io {

// "not valid KIND: FAULT"
std::string not_valid(std::string_view kind, std::string_view fault);
// "not valid KIND: FAULT at byte BYTE"
std::string not_valid(std::string_view kind, std::string_view fault, std::size_t byte);

}  // namespace textlambda::io
