#include "textlambda/events/event_reader.h"

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

#include "textlambda/encoding/base64.h"
#include "textlambda/events/recognition.h"
#include "textlambda/events/source_row.h"
#include "textlambda/io/invalid.h"
#include "textlambda/json/document.h"

namespace textlambda::events {

using Json = nlohmann::json;

const Json& EventReader::records() const { return event_.array ? document_ : *json::member(document_, "Records"); }

Record& EventReader::add(std::string id, Message message, const Json* item) {
  Record& record = event_.records.emplace_back();
  record.id = std::move(id);
  record.message = std::move(message);
  record.item = item;
  return record;
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

encoding::Gunzipped EventReader::unpack(std::string& content) {
  if (!encoding::is_gzip(content)) return {};
  std::string unpacked;
  encoding::Gunzipped result = encoding::gunzip(content, inflated_left_, unpacked);
  if (result.too_large) {
    result.error =
        io::not_valid("gzip within the limits", "unpacks to more than the " + std::to_string(limits_.inflated_bytes) +
                                                    " bytes that one event's compressed parts may have together");
  } else if (result.error.empty()) {
    inflated_left_ -= unpacked.size();
    content = std::move(unpacked);
  }
  return result;
}

std::string EventReader::decode(const Json* data, std::string& content) {
  if (data == nullptr || !data->is_string()) return "no string where the base64 data should be";
  std::string reason = encoding::decode_base64(data->get_ref<const std::string&>(), content);
  if (reason.empty()) reason = unpack(content).error;
  return reason;
}

Message EventReader::read_data(const Json* data, std::string& content) {
  std::string reason = decode(data, content);
  return reason.empty() ? messages_.read(content) : of_error(std::move(reason));
}

Message EventReader::read_payload(const Json& payload) const {
  if (payload.is_string()) return of_text(payload.get_ref<const std::string&>(), limits_);
  return messages_.read_at_pointers(payload);
}

bool all_failed(const std::vector<Record>& records) {
  return std::all_of(records.begin(), records.end(), [](const Record& record) { return record.has_failed(); });
}

std::string none_has_text(const std::vector<Record>& records) {
  return "none of the array's " + std::to_string(records.size()) +
         " elements is a text or has one; the first: " + records.front().message.error;
}

std::string string_or_empty(const Json* object, const char* name) {
  const std::string* text = object == nullptr ? nullptr : json::string_member(*object, name);
  return text == nullptr ? std::string() : *text;
}

Event read_event(const Json& document, const MessageReader& messages, const Limits& limits) {
  const Recognition recognition = recognise(document);
  Event event;
  event.source = recognition.source;
  event.array = recognition.array;
  event.document = &document;
  EventReader reader(document, messages, limits, event);
  row_of(event.source).read(reader);
  return event;
}

}  // namespace textlambda::events
