// Payloads of callers' own making - a text, an object with a text in it, an array of either - and what comes close:
// Lex, AppSync, Cognito.
#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <utility>

#include <nlohmann/json.hpp>

#include "textlambda/json/document.h"
#include "textlambda/lambda/event_reader.h"

namespace textlambda::lambda {
namespace {

using Json = nlohmann::json;

// The one member of an object, if it is a string.
const std::string* only_string(const Json& object) {
  return object.is_object() && object.size() == 1 && object.begin()->is_string()
             ? object.begin()->get_ptr<const std::string*>()
             : nullptr;
}

}  // namespace

Message EventReader::read_payload(const Json& payload) const {
  if (payload.is_string()) return of_text(payload.get_ref<const std::string&>(), limits_);
  return messages_.read_at_pointers(payload);
}

void EventReader::read_direct() {
  if (!event_.array) {
    add({}, read_payload(document_));
    event_.recognised = event_.records[0].message.error.empty();
    return;
  }
  if (!fits(document_.size())) return;
  for (std::size_t i = 0; i < document_.size(); ++i) add(std::to_string(i), read_payload(document_[i]));
  if (event_.records.empty() || !all_failed(event_.records)) return;
  event_.recognised = false;
  fail("NoText", none_has_text(event_.records));
}

// `inputTranscript` is what the person said or wrote.
void EventReader::read_lex() {
  const std::string* text = json::string_member(document_, "inputTranscript");
  add(string_or_empty(&document_, json::member(document_, "sessionId") != nullptr ? "sessionId" : "userId"),
      text == nullptr ? of_error("no string at inputTranscript") : of_text(*text, limits_));
}

// A field's arguments, or those of its `input`; or the object that the field belongs to.
Message EventReader::read_appsync_item(const Json& item) const {
  const Json* arguments = json::member(item, "arguments");
  if (arguments != nullptr) {
    Message message = messages_.read_at_pointers(*arguments);
    if (message.error.empty()) return message;
    if (const Json* input = json::member(*arguments, "input"); input != nullptr && input->is_object()) {
      message = messages_.read_at_pointers(*input);
      if (message.error.empty()) return message;
    }
    if (const std::string* text = only_string(*arguments)) return of_text(*text, limits_);
    if (arguments->is_object() && !arguments->empty()) return of_error("arguments: " + message.error);
  }
  const Json* parent = json::member(item, "source");
  if (parent == nullptr || !parent->is_object()) return of_error("no text in the arguments, and no source object");
  Message message = messages_.read_at_pointers(*parent);
  return message.error.empty() ? message : of_error("no arguments; source: " + message.error);
}

void EventReader::read_appsync() {
  if (!event_.array) {
    add({}, read_appsync_item(document_));
    return;
  }
  if (!fits(document_.size())) return;
  for (std::size_t i = 0; i < document_.size(); ++i) add(std::to_string(i), read_appsync_item(document_[i]));
}

// What a user wrote about themselves, if anything: signing up never depends on it.
void EventReader::read_cognito() {
  const Json* request = json::member(document_, "request");
  std::string id = string_or_empty(&document_, "userName");
  for (const char* place : {"userAttributes", "clientMetadata", "validationData"}) {
    const Json* attributes = request == nullptr ? nullptr : json::member(*request, place);
    if (attributes == nullptr) continue;
    Message message = messages_.read_at_pointers(*attributes);
    if (!message.error.empty()) continue;
    add(std::move(id), std::move(message));
    return;
  }
  add(std::move(id), of_skipped("no attribute at the text pointers"));
}

}  // namespace textlambda::lambda
