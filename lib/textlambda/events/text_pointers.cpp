#include "textlambda/events/text_pointers.h"

#include <nlohmann/json.hpp>

#include "textlambda/io/error.h"
#include "textlambda/text/blank.h"

namespace textlambda::events {
namespace {

using Json = nlohmann::json;

}  // namespace

TextPointers::TextPointers(const std::vector<std::string>& pointers) {
  for (const std::string& pointer : pointers) {
    if (!list_.empty()) list_ += &pointer == &pointers.back() ? " or " : ", ";
    list_ += pointer.empty() ? "\"\"" : pointer;
    if (const std::string fault = json::pointer_fault(pointer); !fault.empty()) {
      io::throw_usage("text pointer \"" + pointer + "\" " + fault);
    }
    pointers_.push_back({pointer, json::parse_pointer(pointer)});
  }
}

const Json* TextPointers::find_value(const Json& document) const {
  for (const Pointer& pointer : pointers_) {
    const Json* value = json::find(document, pointer.tokens);
    if (value != nullptr && !value->is_null()) return value;
  }
  return nullptr;
}

PointedText TextPointers::find(const Json& document) const {
  PointedText found;
  for (const Pointer& pointer : pointers_) {
    const Json* value = json::find(document, pointer.tokens);
    if (value == nullptr || !value->is_string()) continue;
    const auto& pointed = value->get_ref<const std::string&>();
    if (!text::is_blank(pointed)) return {&pointed, {}};
    if (found.blank_at.empty()) found.blank_at = pointer.spelling;
  }
  return found;
}

}  // namespace textlambda::events
