#include "textlambda/events/event_reader.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include <nlohmann/json.hpp>

#include "textlambda/encoding/base64.h"
#include "textlambda/events/recognition.h"
#include "textlambda/events/source_row.h"
#include "textlambda/json/document.h"

namespace textlambda::events {

namespace {

using Json = nlohmann::json;

std::string decode_data(const Json* data, std::string& content) {
  if (data == nullptr || !data->is_string()) return "no string where the base64 data should be";
  return encoding::decode_base64(data->get_ref<const std::string&>(), content);
}

}  // namespace

const Json& EventReader::records() const { return event_.array ? document_ : *json::member(document_, "Records"); }

Record& EventReader::add(std::string id, Message message, const Json* item) {
  Record& record = event_.records.emplace_back();
  record.id = std::move(id);
  record.message = std::move(message);
  record.item = item;
  return record;
}

void EventReader::add_texts(Message message) {
  if (message.texts.size() < 2) {
    add({}, std::move(message));
    return;
  }
  event_.array = true;
  for (std::size_t i = 0; i < message.texts.size(); ++i) {
    Message one;
    one.texts.push_back(std::move(message.texts[i]));
    if (i < message.labels.size()) one.labels.push_back(std::move(message.labels[i]));
    add(std::to_string(i), std::move(one));
  }
}

bool EventReader::fits(std::size_t record_count) {
  if (record_count <= limits_.records) {
    event_.records.reserve(record_count);
    return true;
  }
  fail("TooManyRecords", std::to_string(record_count) + " records, at most " + std::to_string(limits_.records) +
                             " of one event are taken");
  return false;
}

void EventReader::fail(const char* type, std::string reason) {
  event_.error_type = type;
  event_.error = std::move(reason);
}

std::string EventReader::decode(const Json* data, std::string& content) const {
  std::string reason = decode_data(data, content);
  return reason.empty() ? messages_.uncover(content) : reason;
}

Message EventReader::read_data(const Json* data, std::string& content) const {
  std::string reason = decode_data(data, content);
  return reason.empty() ? messages_.read_bytes(content) : of_error(std::move(reason));
}

Message only_text(Message message) {
  if (!message.skipped.empty()) return of_error(std::move(message.skipped));
  if (message.texts.size() > 1) return of_error(std::to_string(message.texts.size()) + " texts where one is expected");
  return message;
}

bool all_failed(const std::vector<Record>& records) {
  return std::all_of(records.begin(), records.end(), [](const Record& record) { return record.has_failed(); });
}

std::string none_has_text(const std::vector<Record>& records) {
  return "none of the array's " + std::to_string(records.size()) +
         " elements is a text or has one; the first: " + records.front().message.error;
}

Event read_event(const Json& document, const TextPointers& pointers, const Limits& limits) {
  Unpacker unpacker(limits);
  return read_event_of(recognise(document), document, MessageReader(pointers, limits, unpacker), limits);
}

Event read_labelled_event(const Json& document, const TextPointers& pointers, const TextPointers& labels,
                          const Limits& limits) {
  Unpacker unpacker(limits);
  return read_event_of(recognise(document), document, MessageReader(pointers, limits, unpacker, 0, &labels), limits);
}

Event read_event_of(const Recognition& recognition, const Json& document, const MessageReader& messages,
                    const Limits& limits) {
  Event event;
  event.source = recognition.source;
  event.array = recognition.array;
  event.document = &document;
  EventReader reader(document, messages, limits, event);
  row_of(event.source).read(reader);
  return event;
}

}  // namespace textlambda::events
