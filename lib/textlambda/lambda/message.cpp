#include "textlambda/lambda/message.h"

#include <cstddef>
#include <utility>

#include <nlohmann/json.hpp>

#include "textlambda/lambda/json_document.h"
#include "textlambda/lambda/percent_encoding.h"

namespace textlambda::lambda {
namespace {

using nlohmann::json;

std::string compact(const json& value) { return value.dump(-1, ' ', false, json::error_handler_t::replace); }

const json* first_record(const json& body) {
  const json* records = member(body, "Records");
  return records != nullptr && records->is_array() && !records->empty() ? &records->front() : nullptr;
}

bool is_s3_notice(const json& body) {
  const json* record = first_record(body);
  const std::string* source = record == nullptr ? nullptr : string_member(*record, "eventSource");
  return source != nullptr && *source == "aws:s3";
}

// What S3 sends once to a newly configured target.
bool is_s3_test(const json& body) {
  const std::string* event = string_member(body, "Event");
  return event != nullptr && *event == "s3:TestEvent";
}

bool is_sns_notification(const json& body) {
  const std::string* type = string_member(body, "Type");
  return type != nullptr && *type == "Notification" && string_member(body, "Message") != nullptr &&
         string_member(body, "TopicArn") != nullptr;
}

// Where the object is. S3's own notices and batch jobs have the key URL-encoded, its events on EventBridge as it is.
enum class KeySpelling { url_encoded, plain };

std::string s3_place(const json* bucket_name, const json* key, KeySpelling spelling) {
  std::string place = "s3://";
  place += bucket_name != nullptr && bucket_name->is_string() ? bucket_name->get_ref<const std::string&>() : "?";
  place += '/';
  if (key == nullptr || !key->is_string()) return place + "?";
  const auto& name = key->get_ref<const std::string&>();
  return place + (spelling == KeySpelling::plain ? name : percent_decoded(name));
}

std::string s3_note(const json& holder, KeySpelling spelling) {
  const json* bucket = member(holder, "bucket");
  const json* object = member(holder, "object");
  return s3_place(bucket == nullptr ? nullptr : member(*bucket, "name"),
                  object == nullptr ? nullptr : member(*object, "key"), spelling) +
         ": the text is in the object, which this function does not fetch";
}

}  // namespace

bool is_log_batch(const json& body) {
  const json* events = member(body, "logEvents");
  return events != nullptr && events->is_array() && string_member(body, "messageType") != nullptr;
}

bool is_control_message(const json& log_batch) { return *string_member(log_batch, "messageType") == "CONTROL_MESSAGE"; }

Message of_text(std::string text, const Limits& limits) {
  if (is_blank(text)) return of_error("the text is empty");
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

bool is_eventbridge(const json& value) {
  return string_member(value, "detail-type") != nullptr && string_member(value, "source") != nullptr;
}

bool is_scheduled(const json& event) {
  const std::string* source = string_member(event, "source");
  const std::string* type = string_member(event, "detail-type");
  if (source == nullptr || type == nullptr) return false;
  return *source == "aws.events" || (*source == "aws.scheduler" && *type == "Scheduled Event");
}

std::string s3_record_note(const json& record) {
  const json* s3 = member(record, "s3");
  return s3_note(s3 == nullptr ? record : *s3, KeySpelling::url_encoded);
}

std::string s3_task_note(const json& task) {
  json bucket;  // version 2.0 of the schema names it, 1.0 gives its ARN
  if (const std::string* name = string_member(task, "s3Bucket")) {
    bucket = *name;
  } else if (const std::string* arn = string_member(task, "s3BucketArn")) {
    bucket = arn->substr(arn->rfind(':') + 1);
  }
  return s3_place(&bucket, member(task, "s3Key"), KeySpelling::url_encoded) +
         ": the text is in the object, which this function does not fetch";
}

Message MessageReader::read_value(const json& value) const {
  if (value.is_string()) return read_body(value.get_ref<const std::string&>(), 0);
  if (value.is_null() || (value.is_structured() && value.empty())) return of_error("the text is empty");
  const PointedText found = pointers_.find(value);
  if (found.text != nullptr) return of_text(*found.text, limits_);
  if (!found.blank_at.empty()) return of_error("the text at " + std::string(found.blank_at) + " is empty");
  return of_text(compact(value), limits_);
}

Message MessageReader::read_at_pointers(const json& value) const {
  const PointedText found = pointers_.find(value);
  if (found.text != nullptr) return of_text(*found.text, limits_);
  if (!found.blank_at.empty()) return of_error("the text at " + std::string(found.blank_at) + " is empty");
  return of_error("no text at " + pointers_.list());
}

Message MessageReader::read_eventbridge(const json& event, std::size_t envelopes) const {
  if (is_scheduled(event)) return of_skipped("a scheduled event has no text");
  const json* detail = member(event, "detail");
  if (detail == nullptr) return of_error("the event has no detail");
  const std::string& source = *string_member(event, "source");
  if (source == "aws.s3") return of_skipped(s3_note(*detail, KeySpelling::plain));
  if (detail->is_string()) return read_body(detail->get_ref<const std::string&>(), envelopes + 1);
  return read_value(*detail);
}

// False where `body` is no envelope.
bool MessageReader::open_envelope(const json& body, std::size_t envelopes, Message& message) const {
  if (is_s3_test(body)) {
    message = of_skipped("a test event of S3");
  } else if (is_s3_notice(body)) {
    message = of_skipped(s3_record_note(*first_record(body)));
  } else if (is_log_batch(body)) {
    message = read_log_batch(body, envelopes + 1);
  } else if (is_eventbridge(body)) {
    message = read_eventbridge(body, envelopes);
  } else if (is_sns_notification(body)) {
    message = read_body(*string_member(body, "Message"), envelopes + 1);
  } else {
    return false;
  }
  return true;
}

// Log lines that are blank hold nothing to classify.
Message MessageReader::read_log_batch(const json& batch, std::size_t envelopes) const {
  if (is_control_message(batch)) return of_skipped("a control message");
  Message all;
  for (const json& event : *member(batch, "logEvents")) {
    const std::string* line = string_member(event, "message");
    if (line == nullptr) return of_error("a log event without a message");
    if (is_blank(*line)) continue;
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
bool MessageReader::parses(std::string_view body, json& value) const {
  const char first = body[body.find_first_not_of(kBlank)];
  return (first == '{' || first == '[' || first == '"') && read_json(body, limits_, value).empty();
}

Message MessageReader::search(json& value, std::string_view body) const {
  if (value.is_string()) return of_text(std::move(value.get_ref<std::string&>()), limits_);
  const PointedText found = pointers_.find(value);
  if (found.text != nullptr) return of_text(*found.text, limits_);
  if (!found.blank_at.empty()) return of_error("the text at " + std::string(found.blank_at) + " is empty");
  return of_text(std::string(body), limits_);
}

Message MessageReader::read_body(std::string_view body, std::size_t envelopes) const {
  if (is_blank(body)) return of_error("the text is empty");
  if (envelopes > limits_.envelopes) {
    return of_error("more than " + std::to_string(limits_.envelopes) + " envelopes around the text");
  }
  json value;
  if (!parses(body, value)) return of_text(std::string(body), limits_);
  Message message;
  return open_envelope(value, envelopes, message) ? message : search(value, body);
}

Message MessageReader::read_plain(std::string_view body) const {
  json value;
  if (is_blank(body) || !parses(body, value)) return of_text(std::string(body), limits_);
  return search(value, body);
}

}  // namespace textlambda::lambda
