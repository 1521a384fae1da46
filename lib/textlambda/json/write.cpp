#include "textlambda/json/write.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>

#include "textlambda/json/plain.h"
#include "textlambda/text/utf8.h"

namespace textlambda::json {
namespace {

template <typename Number>
void append_digits(std::string& out, Number number) {
  if (!std::isfinite(number)) {
    out += "null";
    return;
  }
  std::array<char, 32> digits{};
  const auto result = std::to_chars(digits.data(), digits.data() + digits.size(), number);
  out.append(digits.data(), result.ptr);
}

}  // namespace

std::string minified(std::string_view bytes) {
  std::string repaired;
  bytes = text::repair_utf8(bytes, repaired).text;
  bytes = text::without_byte_order_mark(bytes);
  std::string line;
  line.reserve(bytes.size());
  bool inside = false;
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    const char byte = bytes[at];
    if (!inside && (byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r')) continue;
    line += byte;
    if (byte == '"') inside = !inside;
    if (inside && byte == '\\' && at + 1 < bytes.size()) line += bytes[++at];
  }
  return line;
}

void append_string(std::string& out, std::string_view text) {
  std::string repaired;
  text = text::repair_utf8(text, repaired).text;
  out += '"';
  while (true) {
    const std::size_t plain = unescaped_prefix(text);
    out.append(text.data(), plain);
    text.remove_prefix(plain);
    if (text.empty()) break;
    const char byte = text[0];
    text.remove_prefix(1);
    if (byte == '"' || byte == '\\') {
      out += '\\';
      out += byte;
    } else if (byte == '\n') {
      out += "\\n";
    } else {
      constexpr std::string_view kDigits = "0123456789abcdef";
      out += "\\u00";
      out += kDigits[static_cast<unsigned char>(byte) / 16];
      out += kDigits[static_cast<unsigned char>(byte) % 16];
    }
  }
  out += '"';
}

void append_number(std::string& out, float number) { append_digits(out, number); }
void append_number(std::string& out, double number) { append_digits(out, number); }

}  // namespace textlambda::json
