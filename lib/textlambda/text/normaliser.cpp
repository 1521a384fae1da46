#include "textlambda/text/normaliser.h"

#include <utf8proc.h>

#include <array>
#include <cstdlib>
#include <memory>

#include "textlambda/text/utf8.h"

namespace textlambda::text {
namespace {

constexpr char32_t kDropped = 0xFFFFFFFF;

// What an ASCII character becomes: [0] with case kept, [1] in lower case.
using AsciiTable = std::array<std::array<unsigned char, 128>, 2>;

constexpr AsciiTable make_ascii_table() {
  AsciiTable table{};
  for (unsigned code = 0; code < 128; ++code) {
    const bool upper = code >= 'A' && code <= 'Z';
    const bool visible = code > ' ' && code != 0x7F;
    table[0][code] = static_cast<unsigned char>(visible ? code : ' ');
    table[1][code] = static_cast<unsigned char>(upper ? code + ('a' - 'A') : table[0][code]);
  }
  return table;
}

constexpr AsciiTable kAscii = make_ascii_table();

// Combining marks that have composed forms people type both ways: Latin, Greek and Cyrillic accents, conjoining Hangul,
// kana voicing marks.
bool asks_for_composition(char32_t code) {
  return (code >= 0x0300 && code <= 0x036F) || (code >= 0x1160 && code <= 0x11FF) || code == 0x3099 || code == 0x309A;
}

char32_t fold(char32_t code, bool lower_case) {
  // The scripts without case first: they are the bulk of the text they occur in.
  if ((code >= 0x3041 && code <= 0x9FFF) || (code >= 0xAC00 && code <= 0xD7A3)) return code;
  if (code >= 0xFF01 && code <= 0xFF5E) return kAscii[lower_case ? 1 : 0][code - 0xFEE0];
  if (code == 0x3000) return ' ';
  if (code >= 0xFE00 && code <= 0xFE0F) return kDropped;  // variation selectors: how to draw, not what is meant
  switch (utf8proc_category(static_cast<utf8proc_int32_t>(code))) {
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_ZS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
      return ' ';
    case UTF8PROC_CATEGORY_CF:  // soft hyphens, joiners, byte-order marks
      return kDropped;
    default:
      break;
  }
  return lower_case ? static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(code))) : code;
}

struct Free {
  void operator()(utf8proc_uint8_t* memory) const { std::free(memory); }
};

}  // namespace

void NormalisedText::assign(std::string_view utf8, const NormaliserOptions& options) {
  if (append(utf8, options, false)) return;
  utf8proc_uint8_t* composed = nullptr;
  const utf8proc_ssize_t length =
      utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(utf8.data()), static_cast<utf8proc_ssize_t>(utf8.size()),
                   &composed, static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
  const std::unique_ptr<utf8proc_uint8_t, Free> owner(composed);
  // utf8proc fails only for invalid UTF-8 or lack of memory; uncomposed text is still a text.
  const std::string_view source =
      length < 0 ? utf8 : std::string_view(reinterpret_cast<const char*>(composed), static_cast<std::size_t>(length));
  append(source, options, true);
}

bool NormalisedText::append(std::string_view utf8, const NormaliserOptions& options, bool composed) {
  if (code_points_.size() < utf8.size() + 2) code_points_.resize(utf8.size() + 2);
  char32_t* out = code_points_.data();
  const auto& ascii = kAscii[options.lower_case ? 1 : 0];
  ascii_ = true;
  std::size_t count = 1;
  out[0] = ' ';
  std::size_t position = 0;
  while (position < utf8.size()) {
    const auto byte = static_cast<unsigned char>(utf8[position]);
    char32_t code = 0;
    if (byte < 0x80) {
      code = ascii[byte];
      ++position;
    } else {
      code = next_code_point(utf8, position);
      if (!composed && asks_for_composition(code)) return false;
      code = fold(code, options.lower_case);
      if (code == kDropped) continue;
      if (code >= 0x80) ascii_ = false;
    }
    // Write first, then keep it unless it is a second space: no branch to mispredict.
    out[count] = code;
    count += static_cast<std::size_t>(code != ' ' || out[count - 1] != ' ');
  }
  if (out[count - 1] != ' ') out[count++] = ' ';
  size_ = count;
  return true;
}

}  // namespace textlambda::text
