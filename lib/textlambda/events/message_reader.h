// A message as a service hands it over, down to the texts in it: envelopes are opened, whichever service they come
// through (docs/events.md lists them), compressed bytes unpacked, JSON searched for the text, in JSON within JSON too;
// anything else is the text.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "textlambda/events/limits.h"
#include "textlambda/events/message.h"
#include "textlambda/events/text_pointers.h"
#include "textlambda/events/unpacker.h"

namespace textlambda::events {

class MessageReader {
 public:
  // All have to outlive the reader. `envelopes` are around all that it reads. With `labels` each text comes with what
  // these lead to in the object that it stands in, and one without is an error.
  MessageReader(const TextPointers& pointers, const Limits& limits, Unpacker& unpacker, std::size_t envelopes = 0,
                const TextPointers* labels = nullptr)
      : pointers_(pointers), limits_(limits), unpacker_(unpacker), envelopes_(envelopes), labels_(labels) {}

  const TextPointers& pointers() const { return pointers_; }
  // Null where texts come without.
  const TextPointers* labels() const { return labels_; }
  Unpacker& unpacker() const { return unpacker_; }

  // A body: plain text, or JSON with a text in it. JSON without one counts as it stands.
  Message read(std::string_view body) const;
  // The same in bytes that nobody vouches for: compressed, an aggregate of the Kinesis Producer Library, JSON behind
  // the header of a schema registry, or no text at all. What has been read stays in `bytes`; none where they were
  // several records.
  Message read_bytes(std::string& bytes) const { return checked(read_bytes(bytes, envelopes_)); }
  // The same where the JSON is there already, such as the detail of an event. Without a text at the pointers it counts
  // as a whole, as compact JSON.
  Message read_value(const nlohmann::json& value) const { return checked(read_value(value, envelopes_)); }
  // A caller's own JSON: a text, or an object with one at the pointers, or else an error.
  Message read_payload(const nlohmann::json& value) const;
  // The same of an object that is no message: a form, a query, attributes.
  Message read_at_pointers(const nlohmann::json& object) const;
  // EventBridge's envelope.
  Message read_eventbridge(const nlohmann::json& event) const;

  // Bytes that may be compressed or have a schema registry's header, without either. Returns why they cannot be text,
  // in one line.
  std::string uncover(std::string& bytes) const;

 private:
  // Each with the number of envelopes around what it reads.
  Message read_body(std::string_view body, std::size_t envelopes) const;
  Message read_bytes(std::string& bytes, std::size_t envelopes) const;
  Message read_value(const nlohmann::json& value, std::size_t envelopes) const;
  Message read_aggregate(std::string& bytes, std::size_t envelopes) const;
  Message read_pointed(const std::string& text, std::size_t envelopes) const;
  Message read_unparsed(std::string_view body, std::size_t envelopes) const;
  Message read_log_batch(const nlohmann::json& batch, std::size_t envelopes) const;
  Message read_invocation_record(const nlohmann::json& record, std::size_t envelopes) const;
  // Nothing where there is no text to be found but the whole.
  std::optional<Message> find_in(const nlohmann::json& value, std::size_t envelopes) const;
  std::optional<Message> find_at_pointers(const nlohmann::json& value, std::size_t envelopes) const;
  // Nothing where `value` is no envelope.
  std::optional<Message> open_envelope(const nlohmann::json& value, std::size_t envelopes) const;
  std::optional<Message> open_event(const nlohmann::json& value, std::size_t envelopes) const;
  Message too_deep() const;
  // Where texts come with labels: one that has none becomes an error.
  Message checked(Message message) const;
  void add_label(const nlohmann::json& object, Message& message) const;
  bool parses(std::string_view body, nlohmann::json& value) const;

  const TextPointers& pointers_;
  const Limits& limits_;
  Unpacker& unpacker_;
  std::size_t envelopes_;
  const TextPointers* labels_;
};

}  // namespace textlambda::events
