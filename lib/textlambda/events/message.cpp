#include "textlambda/events/message.h"

#include <cstddef>
#include <utility>

#include <nlohmann/json.hpp>

#include "textlambda/encoding/percent_encoding.h"
#include "textlambda/json/document.h"
#include "textlambda/text/blank.h"

namespace textlambda::events {
namespace {

using Json = nlohmann::json;

std::string compact(const Json& value) { return value.dump(-1, ' ', false, Json::error_handler_t::replace); }

const Json* first_record(const Json& body) {
  const Json* records = json::member(body, "Records");
  return records != nullptr && records->is_array() && !records->empty() ? &records->front() : nullptr;
}

bool is_s3_notice(const Json& body) {
  const Json* record = first_record(body);
  const std::string* source = record == nullptr ? nullptr : json::string_member(*record, "eventSource");
  return source != nullptr && *source == "aws:s3";
}

// What S3 sends once to a newly configured target.
bool is_s3_test(const Json& body) {
  const std::string* event = json::string_member(body, "Event");
  return event != nullptr && *event == "s3:TestEvent";
}

bool is_sns_notification(const Json& body) {
  const std::string* type = json::string_member(body, "Type");
  return type != nullptr && *type == "Notification" && json::string_member(body, "Message") != nullptr &&
         json::string_member(body, "TopicArn") != nullptr;
}

// Where the object is. S3's own notices and batch jobs have the key URL-encoded, its events on EventBridge as it is.
enum class KeySpelling { url_encoded, plain };

std::string s3_place(const Json* bucket_name, const Json* key, KeySpelling spelling) {
  std::string place = "s3://";
  place += bucket_name != nullptr && bucket_name->is_string() ? bucket_name->get_ref<const std::string&>() : "?";
  place += '/';
  if (key == nullptr || !key->is_string()) return place + "?";
  const auto& name = key->get_ref<const std::string&>();
  return place + (spelling == KeySpelling::plain ? name : encoding::percent_decoded(name));
}

std::string s3_note(const Json& holder, KeySpelling spelling) {
  const Json* bucket = json::member(holder, "bucket");
  const Json* object = json::member(holder, "object");
  return s3_place(bucket == nullptr ? nullptr : json::member(*bucket, "name"),
                  object == nullptr ? nullptr : json::member(*object, "key"), spelling) +
         ": the text is in the object, which this function does not fetch";
}

}  // namespace

bool is_log_batch(const Json& body) {
  const Json* events = json::member(body, "logEvents");
  return events != nullptr && events->is_array() && json::string_member(body, "messageType") != nullptr;
}

bool is_control_message(const Json& log_batch) {
  return *json::string_member(log_batch, "messageType") == "CONTROL_MESSAGE";
}

Message of_text(std::string text, const Limits& limits) {
  if (text::is_blank(text)) return of_error("the text is empty");
  if (text.size() > limits.text_bytes) {
    Message refused = of_error("the text has " + std::to_string(text.size()) + " bytes, at most " +
                               std::to_string(limits.text_bytes) + " are classified");
    refused.too_large = true;
    return refused;
  }
  Message message;
  message.texts.push_back(std::move(text));
  return message;
}

Message of_skipped(std::string reason) {
  Message message;
  message.skipped = std::move(reason);
  return message;
}

Message of_error(std::string reason) {
  Message message;
  message.error = std::move(reason);
  return message;
}

bool is_eventbridge(const Json& value) {
  return json::string_member(value, "detail-type") != nullptr && json::string_member(value, "source") != nullptr;
}

bool is_scheduled(const Json& event) {
  const std::string* source = json::string_member(event, "source");
  const std::string* type = json::string_member(event, "detail-type");
  if (source == nullptr || type == nullptr) return false;
  return *source == "aws.events" || (*source == "aws.scheduler" && *type == "Scheduled Event");
}

std::string s3_record_note(const Json& record) {
  const Json* s3 = json::member(record, "s3");
  return s3_note(s3 == nullptr ? record : *s3, KeySpelling::url_encoded);
}

std::string s3_task_note(const Json& task) {
  Json bucket;  // version 2.0 of the schema names it, 1.0 gives its ARN
  if (const std::string* name = json::string_member(task, "s3Bucket")) {
    bucket = *name;
  } else if (const std::string* arn = json::string_member(task, "s3BucketArn")) {
    bucket = arn->substr(arn->rfind(':') + 1);
  }
  return s3_place(&bucket, json::member(task, "s3Key"), KeySpelling::url_encoded) +
         ": the text is in the object, which this function does not fetch";
}

Message MessageReader::read_value(const Json& value) const {
  if (value.is_string()) return read_body(value.get_ref<const std::string&>(), 0);
  if (value.is_null() || (value.is_structured() && value.empty())) return of_error("the text is empty");
  const PointedText found = pointers_.find(value);
  if (found.text != nullptr) return of_text(*found.text, limits_);
  if (!found.blank_at.empty()) return of_error("the text at " + std::string(found.blank_at) + " is empty");
  return of_text(compact(value), limits_);
}

Message MessageReader::read_at_pointers(const Json& value) const {
  const PointedText found = pointers_.find(value);
  if (found.text != nullptr) return of_text(*found.text, limits_);
  if (!found.blank_at.empty()) return of_error("the text at " + std::string(found.blank_at) + " is empty");
  return of_error("no text at " + pointers_.list());
}

Message MessageReader::read_eventbridge(const Json& event, std::size_t envelopes) const {
  if (is_scheduled(event)) return of_skipped("a scheduled event has no text");
  const Json* detail = json::member(event, "detail");
  if (detail == nullptr) return of_error("the event has no detail");
  const std::string& source = *json::string_member(event, "source");
  if (source == "aws.s3") return of_skipped(s3_note(*detail, KeySpelling::plain));
  if (detail->is_string()) return read_body(detail->get_ref<const std::string&>(), envelopes + 1);
  return read_value(*detail);
}

// False where `body` is no envelope.
bool MessageReader::open_envelope(const Json& body, std::size_t envelopes, Message& message) const {
  if (is_s3_test(body)) {
    message = of_skipped("a test event of S3");
  } else if (is_s3_notice(body)) {
    message = of_skipped(s3_record_note(*first_record(body)));
  } else if (is_log_batch(body)) {
    message = read_log_batch(body, envelopes + 1);
  } else if (is_eventbridge(body)) {
    message = read_eventbridge(body, envelopes);
  } else if (is_sns_notification(body)) {
    message = read_body(*json::string_member(body, "Message"), envelopes + 1);
  } else {
    return false;
  }
  return true;
}

// Log lines that are blank hold nothing to classify.
Message MessageReader::read_log_batch(const Json& batch, std::size_t envelopes) const {
  if (is_control_message(batch)) return of_skipped("a control message");
  Message all;
  for (const Json& event : *json::member(batch, "logEvents")) {
    const std::string* line = json::string_member(event, "message");
    if (line == nullptr) return of_error("a log event without a message");
    if (text::is_blank(*line)) continue;
    Message one = read_body(*line, envelopes);
    if (!one.error.empty()) return one;
    for (std::string& text : one.texts) all.texts.push_back(std::move(text));
    if (all.texts.size() > limits_.records) {
      return of_error("more than " + std::to_string(limits_.records) + " log events");
    }
  }
  return all.texts.empty() ? of_skipped("no log line with a text") : all;
}

// What looks like JSON and is not is text.
bool MessageReader::parses(std::string_view body, Json& value) const {
  const char first = text::trimmed(body).front();
  return (first == '{' || first == '[' || first == '"') && json::read(body, limits_.json, value).empty();
}

Message MessageReader::search(Json& value, std::string_view body) const {
  if (value.is_string()) return of_text(std::move(value.get_ref<std::string&>()), limits_);
  const PointedText found = pointers_.find(value);
  if (found.text != nullptr) return of_text(*found.text, limits_);
  if (!found.blank_at.empty()) return of_error("the text at " + std::string(found.blank_at) + " is empty");
  return of_text(std::string(body), limits_);
}

Message MessageReader::read_body(std::string_view body, std::size_t envelopes) const {
  if (text::is_blank(body)) return of_error("the text is empty");
  if (envelopes > limits_.envelopes) {
    return of_error("more than " + std::to_string(limits_.envelopes) + " envelopes around the text");
  }
  Json value;
  if (!parses(body, value)) return of_text(std::string(body), limits_);
  Message message;
  return open_envelope(value, envelopes, message) ? message : search(value, body);
}

Message MessageReader::read_plain(std::string_view body) const {
  Json value;
  if (text::is_blank(body) || !parses(body, value)) return of_text(std::string(body), limits_);
  return search(value, body);
}

}  // namespace textlambda::events
