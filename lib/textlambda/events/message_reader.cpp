#include "textlambda/events/message_reader.h"

#include <algorithm>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "textlambda/encoding/base64.h"
#include "textlambda/encoding/gzip.h"
#include "textlambda/encoding/kpl.h"
#include "textlambda/events/binary_data.h"
#include "textlambda/events/envelope.h"
#include "textlambda/events/event_reader.h"
#include "textlambda/events/recognition.h"
#include "textlambda/events/source_row.h"
#include "textlambda/json/document.h"
#include "textlambda/text/blank.h"
#include "textlambda/text/utf8.h"

namespace textlambda::events {
namespace {

using Json = nlohmann::json;

// A text that is nothing but the base64 of bytes that say what they are, as who sends compressed data through a queue
// has to write them. Most texts are told from it by their first few characters.
bool is_base64_of_bytes(std::string_view text, std::string& bytes) {
  constexpr std::size_t kBeginning = 12;
  if (text.size() < kBeginning || text.size() % 4 != 0) return false;
  if (!encoding::decode_base64(text.substr(0, kBeginning), bytes).empty()) return false;
  const bool known = encoding::is_gzip(bytes) || encoding::has_zlib_header(bytes) ||
                     encoding::is_kpl_aggregate(bytes) || !named_format(bytes).empty();
  return known && encoding::decode_base64(text, bytes).empty();
}

}  // namespace

Message MessageReader::too_deep() const {
  return of_error("more than " + std::to_string(limits_.envelopes) + " envelopes around the text");
}

Message MessageReader::checked(Message message) const {
  if (labels_ == nullptr || message.texts.empty()) return message;
  message.labels.resize(message.texts.size());
  const bool all =
      std::none_of(message.labels.begin(), message.labels.end(), [](const auto& label) { return label.empty(); });
  if (all) return message;
  return of_error("a text without a label: nothing at " + labels_->list());
}

Message MessageReader::read(std::string_view body) const {
  Message message = read_body(body, envelopes_);
  const bool is_body = message.texts.size() == 1 && message.texts.front() == body;
  message = checked(std::move(message));
  // Who sends words alone means a notice, if anything.
  const std::string_view words = text::trimmed(body);
  if (labels_ != nullptr && is_body && !message.error.empty() && words.front() != '{' && words.front() != '[') {
    message.notice = Notice::other;
  }
  return message;
}

void MessageReader::add_label(const Json& object, Message& message) const {
  if (message.texts.empty()) return;
  message.labels.resize(message.texts.size());
  const Json* const value = labels_->find_value(object);
  if (value == nullptr) return;
  std::string label;
  if (value->is_string()) {
    label = text::trimmed(value->get_ref<const std::string&>());
  } else if (value->is_number() || value->is_boolean()) {
    label = json::compact(*value);  // as corpora have it
  } else {
    message =
        of_error(std::string("the label is an ") + value->type_name() + ", expected a string, a number, true or false");
    return;
  }
  if (label.size() > limits_.label_bytes) {
    message = of_error("the label has " + std::to_string(label.size()) + " bytes, at most " +
                       std::to_string(limits_.label_bytes) + " are taken");
    return;
  }
  // A message within this one may have brought its own.
  for (std::string& one : message.labels) {
    if (one.empty()) one = label;
  }
}

// What looks like JSON and is not is text.
bool MessageReader::parses(std::string_view body, Json& value) const {
  body = text::without_byte_order_mark(body);
  const std::string_view trimmed = text::trimmed(body);
  const char first = trimmed.empty() ? '\0' : trimmed.front();
  return (first == '{' || first == '[' || first == '"') && json::read(body, limits_.json, value).empty();
}

Message MessageReader::read_body(std::string_view body, std::size_t envelopes) const {
  if (text::is_blank(body)) return of_absent("the text is empty");
  if (envelopes > limits_.envelopes) return too_deep();
  Json value;
  if (!parses(body, value)) return read_unparsed(body, envelopes);
  std::optional<Message> found = find_in(value, envelopes);
  return found ? std::move(*found) : of_text(std::string(body), limits_);
}

// A string in JSON: a text, or a message itself, which counts as an envelope.
Message MessageReader::read_pointed(const std::string& text, std::size_t envelopes) const {
  Json value;
  if (text::is_blank(text) || !parses(text, value)) return read_unparsed(text, envelopes);
  if (envelopes == limits_.envelopes) return too_deep();
  std::optional<Message> found = find_in(value, envelopes + 1);
  return found ? std::move(*found) : of_text(text, limits_);
}

Message MessageReader::read_unparsed(std::string_view body, std::size_t envelopes) const {
  std::string bytes;
  if (!is_base64_of_bytes(body, bytes)) return of_text(std::string(body), limits_);
  // What only begins like zlib is a text after all.
  if (encoding::has_zlib_header(bytes)) {
    const std::size_t packed = bytes.size();
    if (!unpacker_.unpack(bytes).error.empty() || (bytes.size() == packed && encoding::has_zlib_header(bytes))) {
      return of_text(std::string(body), limits_);
    }
  }
  return read_bytes(bytes, envelopes + 1);
}

std::string MessageReader::uncover(std::string& bytes) const {
  const encoding::Gunzipped unpacked = unpacker_.unpack(bytes);
  if (!unpacked.error.empty()) return unpacked.error;
  const std::string_view content = without_schema_header(bytes);
  Json value;
  if (content.size() < bytes.size() && !content.empty() && (content.front() == '{' || content.front() == '[') &&
      parses(content, value)) {
    bytes.erase(0, bytes.size() - content.size());
    return {};
  }
  const std::string_view kind = binary_kind(bytes);
  return kind.empty() ? std::string() : "binary data (" + std::string(kind) + "), expected text or JSON in UTF-8";
}

Message MessageReader::read_bytes(std::string& bytes, std::size_t envelopes) const {
  if (envelopes > limits_.envelopes) return too_deep();
  if (encoding::is_kpl_aggregate(bytes)) return read_aggregate(bytes, envelopes);
  const bool compressed = encoding::is_gzip(bytes) || encoding::has_zlib_header(bytes);
  std::string reason = uncover(bytes);
  if (!reason.empty()) return of_error(std::move(reason));
  if (compressed && encoding::is_kpl_aggregate(bytes)) return read_aggregate(bytes, envelopes);
  return read_body(bytes, envelopes);
}

Message MessageReader::read_aggregate(std::string& bytes, std::size_t envelopes) const {
  std::vector<std::string_view> records;
  std::string reason = encoding::split_kpl_aggregate(bytes, limits_.records, records);
  if (!reason.empty()) return of_error(std::move(reason));
  if (records.size() == 1) {
    bytes = std::string(records[0]);
    return read_bytes(bytes, envelopes + 1);
  }
  std::vector<Message> parts;
  parts.reserve(records.size());
  for (const std::string_view record : records) {
    std::string content(record);
    Message part = read_bytes(content, envelopes + 1);
    if (!part.error.empty()) {
      part.error = "user record " + std::to_string(parts.size() + 1) + " of " + std::to_string(records.size()) + ": " +
                   part.error;
      return part;
    }
    parts.push_back(std::move(part));
  }
  bytes.clear();
  return joined(std::move(parts), limits_, "an aggregate without user records");
}

Message MessageReader::read_value(const Json& value, std::size_t envelopes) const {
  if (value.is_string()) return read_body(value.get_ref<const std::string&>(), envelopes);
  if (value.is_null() || (value.is_structured() && value.empty())) {
    Message nothing = of_absent("the text is empty");
    if (labels_ != nullptr) nothing.notice = Notice::other;
    return nothing;
  }
  if (envelopes > limits_.envelopes) return too_deep();
  std::optional<Message> found = find_in(value, envelopes);
  return found ? std::move(*found) : of_text(json::compact(value), limits_);
}

Message MessageReader::read_payload(const Json& value) const {
  std::optional<Message> found = find_in(value, envelopes_);
  return found ? checked(std::move(*found)) : of_absent("no text at " + pointers_.list());
}

Message MessageReader::read_at_pointers(const Json& object) const {
  std::optional<Message> found = find_at_pointers(object, envelopes_);
  return found ? checked(std::move(*found)) : of_absent("no text at " + pointers_.list());
}

std::optional<Message> MessageReader::find_in(const Json& value, std::size_t envelopes) const {
  std::optional<Message> opened = open_envelope(value, envelopes);
  if (opened) return opened;
  if (value.is_string()) return read_pointed(value.get_ref<const std::string&>(), envelopes);
  return find_at_pointers(value, envelopes);
}

std::optional<Message> MessageReader::find_at_pointers(const Json& value, std::size_t envelopes) const {
  const PointedText found = pointers_.find(value);
  if (found.text != nullptr) {
    Message message = read_pointed(*found.text, envelopes);
    if (labels_ != nullptr) add_label(value, message);
    return message;
  }
  if (labels_ != nullptr && value.is_object() && found.blank_at.empty()) {
    Message nothing = of_absent("no text at " + pointers_.list());
    if (labels_->find_value(value) == nullptr) {
      nothing.error += " and no label at " + labels_->list();
      nothing.notice = Notice::other;
    }
    return nothing;
  }
  if (!found.blank_at.empty()) return of_absent("the text at " + std::string(found.blank_at) + " is empty");
  return std::nullopt;
}

std::optional<Message> MessageReader::open_envelope(const Json& value, std::size_t envelopes) const {
  if (!value.is_structured()) return std::nullopt;
  if (is_s3_pointer(value)) {
    return labels_ == nullptr ? of_skipped(s3_pointer_note(value)) : of_error(s3_pointer_note(value));
  }
  if (is_s3_test(value)) return of_skipped("a test event of S3");
  if (is_log_batch(value)) return read_log_batch(value, envelopes + 1);
  if (is_sns_notification(value)) return read_body(*json::string_member(value, "Message"), envelopes + 1);
  if (is_sns_confirmation(value)) {
    return of_skipped(*json::string_member(value, "Type") + " of SNS, which this function does not answer");
  }
  if (is_invocation_record(value)) return read_invocation_record(value, envelopes + 1);
  return open_event(value, envelopes + 1);
}

// A whole event, as dead letters and destinations hand it over, or a record of one, as a pipe does.
std::optional<Message> MessageReader::open_event(const Json& value, std::size_t envelopes) const {
  std::optional<Recognition> recognition = recognise_forwarded(value);
  const Json* document = &value;
  Json list;
  if (!recognition && !record_name(value).empty()) {
    list.push_back(value);
    recognition = recognise_forwarded(list);
    document = &list;
  }
  if (!recognition) return std::nullopt;
  const MessageReader inner(pointers_, limits_, unpacker_, envelopes, labels_);
  Event event = read_event_of(*recognition, *document, inner, limits_);
  if (!event.error.empty()) return of_error(std::move(event.error));
  std::vector<Message> parts;
  parts.reserve(event.records.size());
  for (Record& record : event.records) parts.push_back(std::move(record.message));
  return joined(std::move(parts), limits_, "an event without records");
}

Message MessageReader::read_invocation_record(const Json& record, std::size_t envelopes) const {
  for (const char* name : {"requestPayload", "payload"}) {
    const Json* payload = json::member(record, name);
    if (payload != nullptr && !payload->is_null()) return read_value(*payload, envelopes);
  }
  return of_skipped(has_batch_place(record) ? "a batch that failed: its records are in the stream still"
                                            : "an invocation without a payload");
}

Message MessageReader::read_eventbridge(const Json& event) const {
  if (is_scheduled(event)) return of_skipped("a scheduled event has no text");
  const Json* detail = json::member(event, "detail");
  if (detail == nullptr) return of_error("the event has no detail");
  if (*json::string_member(event, "source") == "aws.s3") return of_object(s3_event_note(*detail));
  return read_value(*detail, envelopes_);
}

// Log lines that are blank hold nothing to classify.
Message MessageReader::read_log_batch(const Json& batch, std::size_t envelopes) const {
  if (is_control_message(batch)) return of_skipped("a control message");
  const Json& events = *json::member(batch, "logEvents");
  if (events.size() > limits_.records) return of_error("more than " + std::to_string(limits_.records) + " log events");
  std::vector<Message> parts;
  parts.reserve(events.size());
  for (const Json& event : events) {
    const std::string* line = json::string_member(event, "message");
    if (line == nullptr) return of_error("a log event without a message");
    if (!text::is_blank(*line)) parts.push_back(read_body(*line, envelopes));
  }
  return joined(std::move(parts), limits_, "no log line with a text");
}

}  // namespace textlambda::events
