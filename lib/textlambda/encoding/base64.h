// Base64 as RFC 4648, section 4 has it, and strictly: no line breaks, no missing padding, no stray bits. Pure
// functions.
#pragma once

#include <string>
#include <string_view>

namespace textlambda::encoding {

// Fills `bytes`, or returns why not, in one line that names the first wrong byte.
std::string decode_base64(std::string_view encoded, std::string& bytes);

std::string encode_base64(std::string_view bytes);

}  // namespace textlambda::encoding
