#include "textlambda/events/field_text.h"

#include <algorithm>
#include <string>
#include <utility>

#include <nlohmann/json.hpp>

#include "textlambda/text/blank.h"

namespace textlambda::events {
namespace {

using Json = nlohmann::json;

// {"$oid": …}, {"$date": …}
bool is_typed_value(const Json& value) {
  return value.is_object() && !value.empty() &&
         std::all_of(value.items().begin(), value.items().end(),
                     [](const auto& member) { return !member.key().empty() && member.key().front() == '$'; });
}

// As deep as the document, whose depth is bounded.
void append_strings(const Json& value, std::string& text) {
  if (value.is_string()) {
    const auto& line = value.get_ref<const std::string&>();
    if (text::is_blank(line)) return;
    if (!text.empty()) text += '\n';
    text += line;
  } else if (value.is_structured() && !is_typed_value(value)) {
    for (const Json& inner : value) append_strings(inner, text);
  }
}

std::string joined_strings(const Json& object, const Json* keys) {
  std::string text;
  for (const auto& [name, value] : object.items()) {
    if (keys == nullptr || !keys->is_object() || !keys->contains(name)) append_strings(value, text);
  }
  return text;
}

}  // namespace

Message read_fields(const Json& object, const Json* keys, const EventReader& reader) {
  if (const TextPointers* const labels = reader.messages().labels();
      labels != nullptr && labels->find_value(object) == nullptr) {
    return of_skipped("no label at " + labels->list());
  }
  const PointedText found = reader.messages().pointers().find(object);
  if (found.text == nullptr && found.blank_at.empty() && reader.messages().labels() == nullptr) {
    std::string text = joined_strings(object, keys);
    return text.empty() ? of_skipped("no text: nothing but keys, numbers and the like")
                        : of_text(std::move(text), reader.limits());
  }
  Message message = reader.messages().read_at_pointers(object);
  return message.absent ? of_skipped(std::move(message.error)) : message;
}

}  // namespace textlambda::events
