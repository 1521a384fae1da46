#include "textlambda/encoding/percent_encoding.h"

#include <charconv>
#include <cstddef>

namespace textlambda::encoding {
namespace {

std::string decoded(std::string_view encoded, char plus) {
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
    text += byte == '+' ? plus : byte;
  }
  return text;
}

}  // namespace

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

std::string percent_decoded(std::string_view encoded) { return decoded(encoded, ' '); }

std::string uri_decoded(std::string_view encoded) { return decoded(encoded, '+'); }

std::map<std::string, std::string> form_fields(std::string_view form) {
  constexpr std::size_t kMaxFields = 1000;
  std::map<std::string, std::string> fields;
  each_parameter(form, [&](const Parameter& field) {
    if (field.has_value) fields.emplace(percent_decoded(field.name), percent_decoded(field.value));
    return fields.size() < kMaxFields;
  });
  return fields;
}

}  // namespace textlambda::encoding
