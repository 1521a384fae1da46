#include "textlambda/json/surrogates.h"

#include <cstddef>
#include <optional>

namespace textlambda::json {
namespace {

// The code unit of the \uXXXX that starts at `position`; nothing where there is none.
std::optional<unsigned> escaped_unit(const std::string& json, std::size_t position) {
  if (position + 6 > json.size() || json[position] != '\\' || json[position + 1] != 'u') return std::nullopt;
  unsigned unit = 0;
  for (std::size_t index = position + 2; index < position + 6; ++index) {
    const char digit = json[index];
    unsigned value = 0;
    if (digit >= '0' && digit <= '9') {
      value = static_cast<unsigned>(digit - '0');
    } else if (digit >= 'a' && digit <= 'f') {
      value = static_cast<unsigned>(digit - 'a') + 10;
    } else if (digit >= 'A' && digit <= 'F') {
      value = static_cast<unsigned>(digit - 'A') + 10;
    } else {
      return std::nullopt;
    }
    unit = unit * 16 + value;
  }
  return unit;
}

}  // namespace

bool replace_lone_surrogates(std::string& json) {
  bool replaced = false;
  std::size_t position = 0;
  while ((position = json.find('\\', position)) != std::string::npos) {
    const std::optional<unsigned> unit = escaped_unit(json, position);
    if (!unit) {
      position += 2;  // the backslash and what it escapes
      continue;
    }
    if (*unit >= 0xD800 && *unit < 0xDC00) {
      const std::optional<unsigned> low = escaped_unit(json, position + 6);
      if (low && *low >= 0xDC00 && *low < 0xE000) {
        position += 12;
        continue;
      }
    }
    if (*unit >= 0xD800 && *unit < 0xE000) {
      json.replace(position + 2, 4, "fffd");
      replaced = true;
    }
    position += 6;
  }
  return replaced;
}

}  // namespace textlambda::json
