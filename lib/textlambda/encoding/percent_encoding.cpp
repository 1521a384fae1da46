#include "textlambda/encoding/percent_encoding.h"

#include <algorithm>
#include <charconv>
#include <cstddef>

namespace textlambda::encoding {

std::string percent_encoded(std::string_view text, std::string_view kept) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string encoded;
  encoded.reserve(text.size());
  for (const char c : text) {
    const bool unreserved = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                            c == '.' || c == '_' || c == '~';
    if (unreserved || kept.find(c) != std::string_view::npos) {
      encoded += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      encoded += {'%', kHex[byte >> 4U], kHex[byte & 15U]};
    }
  }
  return encoded;
}

std::string percent_decoded(std::string_view encoded) {
  std::string text;
  text.reserve(encoded.size());
  for (std::size_t at = 0; at < encoded.size(); ++at) {
    const char byte = encoded[at];
    if (byte == '%' && encoded.size() - at > 2) {
      unsigned code = 0;
      const char* digits = encoded.data() + at + 1;
      const auto [end, error] = std::from_chars(digits, digits + 2, code, 16);
      if (error == std::errc() && end == digits + 2) {
        text += static_cast<char>(code);
        at += 2;
        continue;
      }
    }
    text += byte == '+' ? ' ' : byte;
  }
  return text;
}

std::map<std::string, std::string> form_fields(std::string_view form) {
  constexpr std::size_t kMaxFields = 1000;
  std::map<std::string, std::string> fields;
  while (!form.empty() && fields.size() < kMaxFields) {
    const std::string_view pair = form.substr(0, form.find('&'));
    form.remove_prefix(std::min(form.size(), pair.size() + 1));
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos) continue;
    fields.emplace(percent_decoded(pair.substr(0, equals)), percent_decoded(pair.substr(equals + 1)));
  }
  return fields;
}

}  // namespace textlambda::encoding
