#include "textlambda/text/blank.h"

#include <array>
#include <cstddef>

namespace textlambda::text {
namespace {

bool is_space(char byte) {
  return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r' || byte == '\v' || byte == '\f';
}

}  // namespace

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

bool is_blank(std::string_view text) {
  constexpr std::array<std::string_view, 3> kWideSpaces = {"\xC2\xA0", "\xE3\x80\x80", "\xEF\xBB\xBF"};
  while (!text.empty()) {
    std::size_t length = is_space(text.front()) ? 1 : 0;
    for (const std::string_view space : kWideSpaces) {
      if (text.substr(0, space.size()) == space) length = space.size();
    }
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

}  // namespace textlambda::text
