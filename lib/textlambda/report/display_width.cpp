#include "textlambda/report/display_width.h"

#include <utf8proc.h>

#include "textlambda/text/utf8.h"

namespace textlambda::report {
namespace {

std::size_t width_of(char32_t code) {
  const int width = utf8proc_charwidth(static_cast<utf8proc_int32_t>(code));
  return width > 0 ? static_cast<std::size_t>(width) : 0;
}

bool is_unfit(char32_t code) {
  switch (utf8proc_category(static_cast<utf8proc_int32_t>(code))) {
    case UTF8PROC_CATEGORY_CC:  // controls, escape sequences among them
    case UTF8PROC_CATEGORY_CF:  // bidirectional overrides and other invisible formatting
    case UTF8PROC_CATEGORY_CN:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
      return true;
    default:
      return false;
  }
}

// Each code point as `shown` makes it, as many as fit.
template <typename Shown>
std::string cut_as(std::string_view valid, std::size_t max_width, Shown&& shown) {
  std::string result;
  std::size_t width = 0;
  std::size_t cut_at = 0;  // where "…" would still fit
  for (std::size_t at = 0; at < valid.size();) {
    const char32_t code = shown(text::next_code_point(valid, at));
    const std::size_t next = width + width_of(code);
    if (next > max_width) {
      result.resize(cut_at);
      return result + "…";
    }
    text::append_utf8(result, code);
    width = next;
    if (width < max_width) cut_at = result.size();
  }
  return result;
}

}  // namespace

std::size_t display_width(std::string_view utf8) {
  std::size_t width = 0;
  for (std::size_t at = 0; at < utf8.size();) width += width_of(text::next_code_point(utf8, at));
  return width;
}

std::string cut_to_width(std::string_view utf8, std::size_t max_width) {
  return cut_as(utf8, max_width, [](char32_t code) { return code; });
}

std::string printable(std::string_view bytes, std::size_t max_width) {
  std::string buffer;
  return cut_as(text::repair_utf8(bytes, buffer).text, max_width, [](char32_t code) {
    if (!is_unfit(code)) return code;
    return code == U'\n' || code == U'\t' || code == U'\r' ? U' ' : U'\uFFFD';
  });
}

std::string printable_ends(std::string_view bytes, std::size_t max_width) {
  const std::string whole = printable(bytes, std::string::npos);
  if (display_width(whole) <= max_width || max_width < 3) return printable(bytes, max_width);
  const std::size_t tail_width = (max_width - 1) / 2;
  std::size_t begin = whole.size();  // of the end that is kept, at whole code points
  for (std::size_t at = 0, left = display_width(whole); at < whole.size();) {
    if (left <= tail_width) {
      begin = at;
      break;
    }
    left -= width_of(text::next_code_point(whole, at));
  }
  // A mark that belongs to what was cut off would join the ellipsis.
  for (std::size_t at = begin; at < whole.size() && width_of(text::next_code_point(whole, at)) == 0;) begin = at;
  return cut_to_width(whole, max_width - tail_width) + whole.substr(begin);
}

}  // namespace textlambda::report
