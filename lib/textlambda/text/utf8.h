// UTF-8 as the Unicode Standard defines it (chapter 3.9, table 3-7): no surrogates, nothing overlong, nothing above
// U+10FFFF. Pure functions, thread-safe.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace textlambda::text {

struct Utf8Repair {
  std::string_view text;  // the input itself where it was valid, else `buffer`
  bool repaired = false;
};

// U+FEFF, which some programs put in front of a text.
inline constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
inline std::string_view without_byte_order_mark(std::string_view text) {
  return text.starts_with(kByteOrderMark) ? text.substr(kByteOrderMark.size()) : text;
}

// Length of the longest valid prefix, in bytes; bytes.size() where all is valid.
std::size_t valid_utf8_prefix(std::string_view bytes);

// The front of `text`, at most `longest` bytes, that does not end inside a character.
std::string_view utf8_front(std::string_view text, std::size_t longest);

// Replaces each maximal ill-formed subsequence by U+FFFD (the Unicode Standard's recommended practice, and what web
// browsers do). `buffer` is overwritten only where something is broken, and has to outlive the result.
Utf8Repair repair_utf8(std::string_view bytes, std::string& buffer);

// Reads one code point of valid UTF-8 at `position` (< text.size()) and moves `position` past it.
inline char32_t next_code_point(std::string_view text, std::size_t& position) {
  const auto byte = [&](std::size_t offset) {
    return static_cast<char32_t>(static_cast<unsigned char>(text[position + offset]));
  };
  const char32_t lead = byte(0);
  if (lead < 0x80) {
    position += 1;
    return lead;
  }
  if (lead < 0xE0) {
    const char32_t code = ((lead & 0x1F) << 6) | (byte(1) & 0x3F);
    position += 2;
    return code;
  }
  if (lead < 0xF0) {
    const char32_t code = ((lead & 0x0F) << 12) | ((byte(1) & 0x3F) << 6) | (byte(2) & 0x3F);
    position += 3;
    return code;
  }
  const char32_t code = ((lead & 0x07) << 18) | ((byte(1) & 0x3F) << 12) | ((byte(2) & 0x3F) << 6) | (byte(3) & 0x3F);
  position += 4;
  return code;
}

// Appends a code point (a scalar value) as UTF-8.
void append_utf8(std::string& text, char32_t code_point);

}  // namespace textlambda::text
