#include "textlambda/json/pointer.h"

#include <nlohmann/json.hpp>

namespace textlambda::json {
namespace {

using Json = nlohmann::json;

const Json* child(const Json& parent, const std::string& token) {
  if (parent.is_object()) {
    const auto member = parent.find(token);
    return member == parent.end() ? nullptr : &*member;
  }
  if (!parent.is_array()) return nullptr;
  const std::optional<std::size_t> index = element_index(token);
  return index && *index < parent.size() ? &parent[*index] : nullptr;
}

std::optional<Span> child(std::string_view text, Span parent, const std::string& token) {
  std::optional<Span> found;
  const std::string_view value = parent.of(text);
  const auto shifted = [&](Span span) { return Span{parent.begin + span.begin, parent.begin + span.end}; };
  if (value.front() == '{') {
    visit_members(value, [&](const Member& member) {
      if (member.key == token) found = shifted(member.value);
      return true;
    });
  } else if (const auto index = element_index(token); index && value.front() == '[') {
    std::size_t left = *index;
    visit_elements(value, [&](Span element) {
      if (left-- == 0) found = shifted(element);
      return !found;
    });
  }
  return found;
}

}  // namespace

std::string pointer_fault(std::string_view spelling) {
  if (!spelling.empty() && spelling.front() != '/') return R"(is no JSON Pointer: it has to start with "/")";
  for (std::size_t at = spelling.find('~'); at != std::string_view::npos; at = spelling.find('~', at + 1)) {
    const char escaped = at + 1 < spelling.size() ? spelling[at + 1] : '\0';
    if (escaped != '0' && escaped != '1') return R"(is no JSON Pointer: "~" has to be followed by 0 or 1)";
  }
  return "";
}

Pointer parse_pointer(std::string_view spelling) {
  Pointer pointer;
  for (std::size_t at = 0; at < spelling.size(); ++at) {
    if (spelling[at] == '/') {
      pointer.emplace_back();
    } else if (spelling[at] == '~' && at + 1 < spelling.size()) {
      pointer.back() += spelling[++at] == '0' ? '~' : '/';
    } else {
      pointer.back() += spelling[at];
    }
  }
  return pointer;
}

std::string spelled(const Pointer& pointer) {
  std::string spelling;
  for (const std::string& token : pointer) {
    spelling += '/';
    for (const char byte : token) {
      if (byte == '~') {
        spelling += "~0";
      } else if (byte == '/') {
        spelling += "~1";
      } else {
        spelling += byte;
      }
    }
  }
  return spelling;
}

std::optional<std::size_t> element_index(std::string_view token) {
  constexpr std::size_t kMaxDigits = 9;
  if (token.empty() || token.size() > kMaxDigits || (token[0] == '0' && token.size() > 1)) return std::nullopt;
  std::size_t index = 0;
  for (const char digit : token) {
    if (digit < '0' || digit > '9') return std::nullopt;
    index = index * 10 + static_cast<std::size_t>(digit - '0');
  }
  return index;
}

const Json* find(const Json& document, const Pointer& pointer) {
  const Json* value = &document;
  for (const std::string& token : pointer) {
    value = child(*value, token);
    if (value == nullptr) return nullptr;
  }
  return value;
}

std::optional<Span> find(std::string_view text, const Pointer& pointer) {
  const std::size_t begin = skip_space(text, 0);
  const auto end = value_end(text, begin);
  if (!end) return std::nullopt;
  std::optional<Span> value = Span{begin, *end};
  for (const std::string& token : pointer) {
    value = child(text, *value, token);
    if (!value) return std::nullopt;
  }
  return value;
}

}  // namespace textlambda::json
