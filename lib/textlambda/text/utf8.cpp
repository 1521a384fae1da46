#include "textlambda/text/utf8.h"

#include <cstdint>
#include <cstring>

namespace textlambda::text {
namespace {

// Looks at the sequence that starts at `position`: its length if well-formed, else 0, with `broken` the length of the
// maximal ill-formed subsequence (at least 1).
std::size_t sequence_length(std::string_view bytes, std::size_t position, std::size_t& broken) {
  const auto at = [&](std::size_t offset) -> unsigned {
    const std::size_t index = position + offset;
    return index < bytes.size() ? static_cast<unsigned char>(bytes[index]) : 0U;
  };
  const unsigned lead = at(0);
  std::size_t length = 0;
  unsigned low = 0x80;  // bounds of the second byte, table 3-7
  unsigned high = 0xBF;
  if (lead < 0x80) {
    return 1;
  }
  if (lead >= 0xC2 && lead <= 0xDF) {
    length = 2;
  } else if (lead >= 0xE0 && lead <= 0xEF) {
    length = 3;
    if (lead == 0xE0) low = 0xA0;
    if (lead == 0xED) high = 0x9F;
  } else if (lead >= 0xF0 && lead <= 0xF4) {
    length = 4;
    if (lead == 0xF0) low = 0x90;
    if (lead == 0xF4) high = 0x8F;
  } else {
    broken = 1;
    return 0;
  }
  for (std::size_t offset = 1; offset < length; ++offset) {
    const unsigned next = at(offset);
    if (next < low || next > high) {
      broken = offset;
      return 0;
    }
    low = 0x80;
    high = 0xBF;
  }
  return length;
}

bool eight_ascii_bytes(const char* bytes) {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof word);
  return (word & 0x8080808080808080U) == 0;
}

}  // namespace

std::size_t valid_utf8_prefix(std::string_view bytes) {
  std::size_t position = 0;
  std::size_t broken = 0;
  while (position < bytes.size()) {
    if (position + 8 <= bytes.size() && eight_ascii_bytes(bytes.data() + position)) {
      position += 8;
      continue;
    }
    const std::size_t length = sequence_length(bytes, position, broken);
    if (length == 0) return position;
    position += length;
  }
  return position;
}

std::string_view utf8_front(std::string_view text, std::size_t longest) {
  if (text.size() <= longest) return text;
  constexpr std::size_t kMostContinuations = 3;
  std::size_t end = longest;
  const auto is_continuation = [&] { return (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U; };
  while (end > 0 && longest - end < kMostContinuations && is_continuation()) --end;
  return text.substr(0, end);
}

Utf8Repair repair_utf8(std::string_view bytes, std::string& buffer) {
  std::size_t position = valid_utf8_prefix(bytes);
  if (position == bytes.size()) return {bytes, false};
  buffer.assign(bytes.substr(0, position));
  while (position < bytes.size()) {
    std::size_t broken = 0;
    const std::size_t length = sequence_length(bytes, position, broken);
    if (length == 0) {
      buffer += "\xEF\xBF\xBD";
      position += broken;
    } else {
      buffer.append(bytes.substr(position, length));
      position += length;
    }
  }
  return {buffer, true};
}

void append_utf8(std::string& text, char32_t code_point) {
  const auto put = [&](char32_t byte) { text += static_cast<char>(static_cast<unsigned char>(byte)); };
  if (code_point < 0x80) {
    put(code_point);
  } else if (code_point < 0x800) {
    put(0xC0 | (code_point >> 6));
    put(0x80 | (code_point & 0x3F));
  } else if (code_point < 0x10000) {
    put(0xE0 | (code_point >> 12));
    put(0x80 | ((code_point >> 6) & 0x3F));
    put(0x80 | (code_point & 0x3F));
  } else {
    put(0xF0 | (code_point >> 18));
    put(0x80 | ((code_point >> 12) & 0x3F));
    put(0x80 | ((code_point >> 6) & 0x3F));
    put(0x80 | (code_point & 0x3F));
  }
}

}  // namespace textlambda::text
