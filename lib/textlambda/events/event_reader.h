// What the sources' readers share: each fills an Event through it.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "textlambda/encoding/gzip.h"
#include "textlambda/events/event.h"
#include "textlambda/events/limits.h"
#include "textlambda/events/message.h"

namespace textlambda::events {

class EventReader {
 public:
  // All have to outlive the reader. The event has its source and document already.
  EventReader(const nlohmann::json& document, const MessageReader& messages, const Limits& limits, Event& event)
      : document_(document),
        messages_(messages),
        limits_(limits),
        event_(event),
        inflated_left_(limits.inflated_bytes) {}

  const nlohmann::json& document() const { return document_; }
  const MessageReader& messages() const { return messages_; }
  const Limits& limits() const { return limits_; }
  Event& event() { return event_; }
  // Of a source with a list `Records`: that list, or the event itself where a pipe hands its records over.
  const nlohmann::json& records() const;

  Record& add(std::string id, Message message, const nlohmann::json* item = nullptr);
  // False, and the event in error, where there are more than the limit.
  bool fits(std::size_t record_count);
  void fail(const char* type, std::string reason);
  // Base64, unpacked where it is gzip, within what the event may still unpack to. Returns why not, in one line.
  std::string decode(const nlohmann::json* data, std::string& content);
  encoding::Gunzipped unpack(std::string& content);
  // A message in base64; its decoded bytes stay in `content`.
  Message read_data(const nlohmann::json* data, std::string& content);
  // A caller's own payload: a text, or an object with a text at the pointers.
  Message read_payload(const nlohmann::json& payload) const;

 private:
  const nlohmann::json& document_;
  const MessageReader& messages_;
  const Limits& limits_;
  Event& event_;
  std::size_t inflated_left_;
};

bool all_failed(const std::vector<Record>& records);
// "none of the array's 3 elements is a text or has one; the first: …"
std::string none_has_text(const std::vector<Record>& records);
// An object's member if it is a string, or else nothing.
std::string string_or_empty(const nlohmann::json* object, const char* name);

}  // namespace textlambda::events
