#include "textlambda/lambda/text_pointers.h"

#include <cstddef>

#include <nlohmann/json.hpp>

#include "textlambda/io/error.h"

namespace textlambda::lambda {
namespace {

using Json = nlohmann::json;

[[noreturn]] void refuse(const std::string& pointer, const char* reason) {
  io::throw_usage("text pointer \"" + pointer + "\" is no JSON Pointer: " + reason);
}

std::vector<std::string> tokens_of(const std::string& pointer) {
  if (pointer.empty()) return {};  // the whole document
  if (pointer[0] != '/') refuse(pointer, "it has to start with \"/\"");
  std::vector<std::string> tokens;
  for (std::size_t at = 0; at < pointer.size(); ++at) {
    if (pointer[at] == '/') {
      tokens.emplace_back();
    } else if (pointer[at] == '~') {
      const char escaped = at + 1 < pointer.size() ? pointer[at + 1] : '\0';
      if (escaped != '0' && escaped != '1') refuse(pointer, "\"~\" has to be followed by 0 or 1");
      tokens.back() += escaped == '0' ? '~' : '/';
      ++at;
    } else {
      tokens.back() += pointer[at];
    }
  }
  return tokens;
}

// An element of an array by its index as RFC 6901 spells it: digits, no leading zero.
const Json* element(const Json& array, const std::string& token) {
  constexpr std::size_t kMaxDigits = 9;
  if (token.empty() || token.size() > kMaxDigits || (token[0] == '0' && token.size() > 1)) return nullptr;
  std::size_t index = 0;
  for (const char digit : token) {
    if (digit < '0' || digit > '9') return nullptr;
    index = index * 10 + static_cast<std::size_t>(digit - '0');
  }
  return index < array.size() ? &array[index] : nullptr;
}

const Json* follow(const Json& document, const std::vector<std::string>& tokens) {
  const Json* value = &document;
  for (const std::string& token : tokens) {
    if (value->is_array()) {
      value = element(*value, token);
    } else if (value->is_object()) {
      const auto member = value->find(token);
      value = member == value->end() ? nullptr : &*member;
    } else {
      return nullptr;
    }
    if (value == nullptr) return nullptr;
  }
  return value;
}

}  // namespace

TextPointers::TextPointers(const std::vector<std::string>& pointers) {
  for (const std::string& pointer : pointers) {
    if (!list_.empty()) list_ += &pointer == &pointers.back() ? " or " : ", ";
    list_ += pointer.empty() ? "\"\"" : pointer;
    pointers_.push_back({pointer, tokens_of(pointer)});
  }
}

PointedText TextPointers::find(const Json& document) const {
  PointedText found;
  for (const Pointer& pointer : pointers_) {
    const Json* value = follow(document, pointer.tokens);
    if (value == nullptr || !value->is_string()) continue;
    const auto& text = value->get_ref<const std::string&>();
    if (!is_blank(text)) return {&text, {}};
    if (found.blank_at.empty()) found.blank_at = pointer.spelling;
  }
  return found;
}

bool is_blank(std::string_view text) { return text.find_first_not_of(kBlank) == std::string_view::npos; }

}  // namespace textlambda::lambda
