#include "textlambda/events/field_text.h"

#include <string>
#include <utility>

#include <nlohmann/json.hpp>

namespace textlambda::events {
namespace {

using Json = nlohmann::json;

std::string joined_strings(const Json& object, const Json* keys) {
  std::string text;
  for (const auto& [name, value] : object.items()) {
    if (!value.is_string() || (keys != nullptr && keys->is_object() && keys->contains(name))) continue;
    if (!text.empty()) text += '\n';
    text += value.get_ref<const std::string&>();
  }
  return text;
}

}  // namespace

Message read_fields(const Json& object, const Json* keys, const EventReader& reader) {
  Message message = reader.messages().read_at_pointers(object);
  if (message.error.empty()) return message;
  std::string text = joined_strings(object, keys);
  return text.empty() ? message : of_text(std::move(text), reader.limits());
}

}  // namespace textlambda::events
