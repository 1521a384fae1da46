#include "textlambda/replay/excerpt.h"

#include <algorithm>
#include <cstddef>

#include "textlambda/text/utf8.h"

namespace textlambda::replay {

std::string excerpt(std::string_view json) {
  constexpr std::size_t kLongest = 60;
  std::size_t end = std::min(json.size(), kLongest);
  while (end < json.size() && end > 0 && (static_cast<unsigned char>(json[end]) & 0xC0U) == 0x80U) --end;
  std::string repaired;
  std::string shown(text::repair_utf8(json.substr(0, end), repaired).text);
  std::replace_if(
      shown.begin(), shown.end(), [](unsigned char c) { return c < ' ' || c == 0x7F; }, ' ');
  return end < json.size() ? shown + "…" : shown;
}

}  // namespace textlambda::replay
