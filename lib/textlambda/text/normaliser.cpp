#include "textlambda/text/normaliser.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include <utf8proc.h>

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

// Marks in a row, in the order of their combining classes. Few: by insertion, which needs no memory.
void order_marks(std::int32_t* begin, std::int32_t* end) {
  const auto in_order = [](std::int32_t a, std::int32_t b) {
    return utf8proc_get_property(a)->combining_class < utf8proc_get_property(b)->combining_class;
  };
  if (std::is_sorted(begin, end, in_order)) return;
  constexpr std::ptrdiff_t kFew = 32;
  if (end - begin > kFew) {
    std::stable_sort(begin, end, in_order);
    return;
  }
  for (std::int32_t* at = begin; at != end; ++at) std::rotate(std::upper_bound(begin, at, *at, in_order), at, at + 1);
}

}  // namespace

void NormalisedText::assign(std::string_view utf8, const NormaliserOptions& options) {
  if (append(utf8, options, false)) return;
  compose(utf8);
  append(composed_, options, true);
}

// utf8proc_map would do, but orders a run of marks in quadratic time and allocates at each call.
void NormalisedText::compose(std::string_view utf8) {
  constexpr auto kOptions = static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE);
  constexpr std::size_t kLongest = 4;  // of a canonical decomposition
  // A byte of UTF-8 becomes at most one and a half code points (U+03B0).
  decomposed_.resize(std::max(decomposed_.size(), utf8.size() * 2 + kLongest));
  std::size_t count = 0;
  std::size_t marks = 0;  // where the current run of them starts
  for (std::size_t position = 0; position < utf8.size();) {
    const auto code = static_cast<std::int32_t>(next_code_point(utf8, position));
    int boundary = 0;
    const utf8proc_ssize_t written = utf8proc_decompose_char(
        code, &decomposed_[count], static_cast<utf8proc_ssize_t>(kLongest), kOptions, &boundary);
    for (const std::size_t end = count + static_cast<std::size_t>(written); count < end; ++count) {
      if (utf8proc_get_property(decomposed_[count])->combining_class != 0) continue;
      order_marks(decomposed_.data() + marks, decomposed_.data() + count);
      marks = count + 1;
    }
  }
  order_marks(decomposed_.data() + marks, decomposed_.data() + count);
  const utf8proc_ssize_t length =
      utf8proc_normalize_utf32(decomposed_.data(), static_cast<utf8proc_ssize_t>(count), kOptions);
  composed_.clear();
  for (utf8proc_ssize_t at = 0; at < length; ++at) {
    append_utf8(composed_, static_cast<char32_t>(decomposed_[static_cast<std::size_t>(at)]));
  }
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
