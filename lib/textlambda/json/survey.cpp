#include "textlambda/json/survey.h"

#include <algorithm>

#include "textlambda/json/plain.h"

namespace textlambda::json {
namespace {

// The closing quote of the string that opens at `at`; the end of the bytes, or behind it, where there is none.
std::size_t survey_string(std::string_view bytes, std::size_t at, Survey& found) {
  for (++at; at < bytes.size(); ++at) {
    at += unescaped_prefix(bytes.substr(at));
    if (at >= bytes.size() || bytes[at] == '"') return at;
    if (bytes[at] != '\\') continue;
    ++at;
    // \uD8xx … \uDFxx
    if (at + 1 < bytes.size() && bytes[at] == 'u' && (bytes[at + 1] == 'd' || bytes[at + 1] == 'D')) {
      found.escaped_surrogates = true;
    }
  }
  return at;
}

}  // namespace

Survey survey(std::string_view bytes) {
  Survey found;
  std::size_t depth = 0;
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    switch (bytes[at]) {
      case '"':
        at = survey_string(bytes, at, found);
        break;
      case '[':
      case '{':
        found.depth = std::max(found.depth, ++depth);
        ++found.values;
        break;
      case ']':
      case '}':
        if (depth > 0) --depth;
        break;
      case ',':
      case ':':
        ++found.values;
        break;
      default:
        break;
    }
  }
  return found;
}

}  // namespace textlambda::json
