#include "textlambda/replay/excerpt.h"

#include <algorithm>
#include <cstddef>

#include "textlambda/text/utf8.h"

namespace textlambda::replay {

std::string excerpt(std::string_view json) {
  constexpr std::size_t kLongest = 60;
  const std::string_view front = text::utf8_front(json, kLongest);
  std::string repaired;
  std::string shown(text::repair_utf8(front, repaired).text);
  std::replace_if(
      shown.begin(), shown.end(), [](unsigned char c) { return c < ' ' || c == 0x7F; }, ' ');
  return front.size() < json.size() ? shown + "…" : shown;
}

}  // namespace textlambda::replay
