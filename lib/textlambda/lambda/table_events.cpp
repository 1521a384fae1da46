// Changes of a table or a collection: DynamoDB, DocumentDB.
#include <string>
#include <utility>

#include <nlohmann/json.hpp>

#include "textlambda/json/document.h"
#include "textlambda/lambda/event_reader.h"

namespace textlambda::lambda {
namespace {

using Json = nlohmann::json;

// DynamoDB's {"S": "text"}, {"M": {...}}, {"L": [...]} and {"SS": [...]} as plain JSON; null for what holds no text. As
// deep as the document, whose depth is bounded.
Json plain(const Json& attribute) {
  if (!attribute.is_object() || attribute.size() != 1) return nullptr;
  const std::string& type = attribute.begin().key();
  const Json& value = attribute.begin().value();
  if ((type == "S" && value.is_string()) || (type == "SS" && value.is_array())) return value;
  if (type == "M" && value.is_object()) {
    Json object = Json::object();
    for (const auto& [name, inner] : value.items()) object[name] = plain(inner);
    return object;
  }
  if (type == "L" && value.is_array()) {
    Json array = Json::array();
    for (const Json& inner : value) array.push_back(plain(inner));
    return array;
  }
  return nullptr;
}

Json plain_image(const Json& image) {
  Json object = Json::object();
  for (const auto& [name, attribute] : image.items()) object[name] = plain(attribute);
  return object;
}

// The strings of an object, a line each in the order of their names, without those that `keys` names.
std::string joined_strings(const Json& object, const Json* keys) {
  std::string text;
  for (const auto& [name, value] : object.items()) {
    if (!value.is_string() || (keys != nullptr && keys->is_object() && keys->contains(name))) continue;
    if (!text.empty()) text += '\n';
    text += value.get_ref<const std::string&>();
  }
  return text;
}

// The text at the pointers, or else all strings together.
Message read_fields(const Json& object, const Json* keys, const MessageReader& messages, const Limits& limits) {
  Message message = messages.read_at_pointers(object);
  if (message.error.empty()) return message;
  std::string text = joined_strings(object, keys);
  return text.empty() ? message : of_text(std::move(text), limits);
}

}  // namespace

void EventReader::read_dynamodb(const Json& records) {
  if (!fits(records.size())) return;
  for (const Json& record : records) {
    const Json* change = json::member(record, "dynamodb");
    // A pipe wants the eventID back.
    std::string id = event_.array ? string_or_empty(&record, "eventID") : std::string();
    if (id.empty()) id = string_or_empty(change, "SequenceNumber");
    const Json* image = change == nullptr ? nullptr : json::member(*change, "NewImage");
    if (image != nullptr && image->is_object()) {
      add(std::move(id), read_fields(plain_image(*image), json::member(*change, "Keys"), messages_, limits_));
    } else if (string_or_empty(&record, "eventName") == "REMOVE") {
      add(std::move(id), of_skipped("an item was removed"));
    } else {
      add(std::move(id), of_error("no NewImage: the stream's view type has to include new images"));
    }
  }
}

void EventReader::read_documentdb() {
  const Json& changes = event_.array ? document_ : *json::member(document_, "events");
  if (!fits(changes.size())) return;
  for (const Json& entry : changes) {
    const Json* envelope = json::member(entry, "event");
    const Json& change = envelope == nullptr ? entry : *envelope;
    std::string id = string_or_empty(json::member(change, "_id"), "_data");
    const Json* full = json::member(change, "fullDocument");
    const std::string operation = string_or_empty(&change, "operationType");
    if (full != nullptr && full->is_object()) {
      add(std::move(id), read_fields(*full, nullptr, messages_, limits_));
    } else if (operation == "insert" || operation == "replace" || operation == "update" || operation.empty()) {
      add(std::move(id), of_error("no fullDocument: the event source mapping has to ask for full documents"));
    } else {
      add(std::move(id), of_skipped("a change without a document: " + operation));
    }
  }
}

}  // namespace textlambda::lambda
