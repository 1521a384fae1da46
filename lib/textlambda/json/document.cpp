#include "textlambda/json/document.h"

#include <algorithm>
#include <cstddef>

#include <nlohmann/json.hpp>

#include "textlambda/json/plain.h"
#include "textlambda/json/surrogates.h"
#include "textlambda/text/utf8.h"

namespace textlambda::json {
namespace {

using Json = nlohmann::json;

// What one pass over the bytes tells, before they are parsed.
struct Survey {
  std::size_t depth = 0;
  std::size_t values = 1;
  bool escaped_surrogates = false;
};

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

}  // namespace

std::string read(std::string_view bytes, const Limits& limits, Json& document) {
  const Survey found = survey(bytes);
  if (found.depth > limits.depth) {
    return "not JSON within the limits: nested " + std::to_string(found.depth) + " deep, at most " +
           std::to_string(limits.depth) + " are taken";
  }
  if (found.values > limits.values) {
    return "not JSON within the limits: about " + std::to_string(found.values) + " values, at most " +
           std::to_string(limits.values) + " are taken";
  }
  std::string repaired;
  bytes = text::repair_utf8(bytes, repaired).text;
  std::string paired;
  if (found.escaped_surrogates) {
    paired = bytes;
    replace_lone_surrogates(paired);
    bytes = paired;
  }
  if (bytes.empty()) return "not JSON: empty";
  if (read_plain(bytes, document)) return {};
  // The library's own messages are long and quote the bytes around; the place is enough.
  try {
    document = Json::parse(bytes.begin(), bytes.end());
    return {};
  } catch (const Json::parse_error& error) {
    return "not JSON: a syntax error at byte " + std::to_string(error.byte);
  } catch (const Json::out_of_range&) {
    return "not JSON within the limits: a number beyond what 64 bits hold";
  }
}

const Json* member(const Json& object, const char* name) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(name);
  return found == object.end() ? nullptr : &*found;
}

const std::string* string_member(const Json& object, const char* name) {
  const Json* value = member(object, name);
  return value != nullptr && value->is_string() ? value->get_ptr<const std::string*>() : nullptr;
}

}  // namespace textlambda::json
