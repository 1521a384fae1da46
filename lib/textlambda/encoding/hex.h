// Bytes as hexadecimal digits.
#pragma once

#include <string>
#include <string_view>

namespace textlambda::encoding {

// Two digits a byte, in lower case.
inline std::string to_hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  text.reserve(2 * bytes.size());
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text += {kDigits[byte >> 4U], kDigits[byte & 15U]};
  }
  return text;
}

}  // namespace textlambda::encoding
