#include "textlambda/events/event_texts.h"

#include <utility>

#include <nlohmann/json.hpp>

#include "textlambda/events/event.h"
#include "textlambda/json/document.h"

namespace textlambda::events {

std::string parse_event(std::string_view bytes, const Limits& limits, nlohmann::json& document) {
  if (bytes.size() > limits.event_bytes) {
    return "the event has " + std::to_string(bytes.size()) + " bytes, at most " + std::to_string(limits.event_bytes) +
           " are taken";
  }
  const std::string reason = json::read(bytes, limits.json, document);
  return reason.empty() ? reason : "the event is " + reason;
}

std::vector<std::string> texts_of(std::string_view event, const TextPointers& pointers, const Limits& limits) {
  nlohmann::json document;
  std::vector<std::string> texts;
  if (!parse_event(event, limits, document).empty()) return texts;
  Event read = read_event(document, pointers, limits);
  for (Record& record : read.records) {
    for (std::string& text : record.message.texts) texts.push_back(std::move(text));
  }
  return texts;
}

}  // namespace textlambda::events
