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
#include "textlambda/events/message_reader.h"
#include "textlambda/events/recognition.h"

namespace textlambda::events {

class EventReader {
 public:
  // All have to outlive the reader. The event has its source and document already.
  EventReader(const nlohmann::json& document, const MessageReader& messages, const Limits& limits, Event& event)
      : document_(document), messages_(messages), limits_(limits), event_(event) {}

  const nlohmann::json& document() const { return document_; }
  const MessageReader& messages() const { return messages_; }
  const Limits& limits() const { return limits_; }
  Event& event() { return event_; }
  // Of a source with a list `Records`: that list, or the event itself where a pipe hands its records over.
  const nlohmann::json& records() const;

  Record& add(std::string id, Message message, const nlohmann::json* item = nullptr);
  // The message of a caller who is answered with its classification: a record, or an array of them where it has
  // several texts.
  void add_texts(Message message);
  // False, and the event in error, where there are more than the limit.
  bool fits(std::size_t record_count);
  void fail(const char* type, std::string reason);
  // Base64 of a text or of JSON, unpacked where it is compressed. Returns why not, in one line.
  std::string decode(const nlohmann::json* data, std::string& content) const;
  // Unpacks what is compressed, within what the event may still unpack to, and to no more than `most`.
  encoding::Gunzipped unpack(std::string& content, std::size_t most) const {
    return messages_.unpacker().unpack(content, most);
  }
  // A message in base64; what has been read of it stays in `content`, nothing where it was several.
  Message read_data(const nlohmann::json* data, std::string& content) const;
  // A caller's own payload: a text, or an object with a text at the pointers, or an envelope around one.
  Message read_payload(const nlohmann::json& payload) const { return messages_.read_payload(payload); }

 private:
  const nlohmann::json& document_;
  const MessageReader& messages_;
  const Limits& limits_;
  Event& event_;
};

// An event that has been recognised, read.
Event read_event_of(const Recognition& recognition, const nlohmann::json& document, const MessageReader& messages,
                    const Limits& limits);

// An error instead of a message that was skipped or has several texts, where the answer has room for one classification
// and nothing else.
Message only_text(Message message);
bool all_failed(const std::vector<Record>& records);
// "none of the array's 3 elements is a text or has one; the first: …"
std::string none_has_text(const std::vector<Record>& records);

}  // namespace textlambda::events
