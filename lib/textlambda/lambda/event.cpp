#include "textlambda/lambda/event.h"

#include <utility>

#include <nlohmann/json.hpp>

#include "textlambda/lambda/event_reader.h"
#include "textlambda/lambda/json_document.h"
#include "textlambda/lambda/recognition.h"

namespace textlambda::lambda {

using nlohmann::json;

EventReader::EventReader(const json& document, const MessageReader& messages, const Limits& limits, Event& event)
    : document_(document), messages_(messages), limits_(limits), event_(event) {}

void EventReader::add(std::string id, Message message, const json* item) {
  event_.records.push_back({std::move(id), std::move(message), item, {}});
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

Event read_event(const json& document, const MessageReader& messages, const Limits& limits) {
  const Recognition recognition = recognise(document);
  Event event;
  event.source = recognition.source;
  event.array = recognition.array;
  event.document = &document;
  EventReader reader(document, messages, limits, event);
  const json* records = recognition.array ? &document : member(document, "Records");
  switch (recognition.source) {
    case Source::sns:
      reader.read_notifications(*records);
      break;
    case Source::sqs:
      reader.read_queue(*records);
      break;
    default:
      reader.read_direct();
      break;
  }
  return event;
}

}  // namespace textlambda::lambda
