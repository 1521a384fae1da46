#include "textlambda/events/envelope.h"

#include <algorithm>
#include <string_view>

#include <nlohmann/json.hpp>

#include "textlambda/encoding/percent_encoding.h"
#include "textlambda/json/document.h"

namespace textlambda::events {
namespace {

using Json = nlohmann::json;

// Where the object is. S3's own notices and batch jobs have the key URL-encoded, its events on EventBridge and the
// extended clients as it is.
enum class KeySpelling { url_encoded, plain };

std::string s3_note(const Json* bucket_name, const Json* key, KeySpelling spelling) {
  std::string note = "s3://";
  note += bucket_name != nullptr && bucket_name->is_string() ? bucket_name->get_ref<const std::string&>() : "?";
  note += '/';
  if (key == nullptr || !key->is_string()) {
    note += '?';
  } else {
    const auto& name = key->get_ref<const std::string&>();
    note += spelling == KeySpelling::plain ? name : encoding::percent_decoded(name);
  }
  return note + ": the text is in the object, which this function does not fetch";
}

std::string s3_note(const Json& holder, KeySpelling spelling) {
  return s3_note(json::member(json::member(holder, "bucket"), "name"),
                 json::member(json::member(holder, "object"), "key"), spelling);
}

// The members that say where the object is; null where `value` is no pointer.
const Json* s3_place(const Json& value) {
  const auto is_place = [](const Json& place) {
    return json::string_member(place, "s3BucketName") != nullptr && json::string_member(place, "s3Key") != nullptr;
  };
  if (value.is_object()) return value.size() == 2 && is_place(value) ? &value : nullptr;
  if (!value.is_array() || value.size() != 2 || !value[0].is_string() || !is_place(value[1])) return nullptr;
  return value[0].get_ref<const std::string&>().ends_with("S3Pointer") ? &value[1] : nullptr;
}

bool is_sns(const Json& value, std::string_view type) {
  const std::string* told = json::string_member(value, "Type");
  return told != nullptr && *told == type && json::string_member(value, "TopicArn") != nullptr;
}

}  // namespace

bool is_eventbridge(const Json& value) {
  return json::string_member(value, "detail-type") != nullptr && json::string_member(value, "source") != nullptr;
}

bool is_scheduled(const Json& event) {
  const std::string* source = json::string_member(event, "source");
  const std::string* type = json::string_member(event, "detail-type");
  if (source == nullptr || type == nullptr) return false;
  return *source == "aws.events" || (*source == "aws.scheduler" && *type == "Scheduled Event");
}

bool is_log_batch(const Json& value) {
  const Json* events = json::member(value, "logEvents");
  return events != nullptr && events->is_array() && json::string_member(value, "messageType") != nullptr;
}

bool is_control_message(const Json& log_batch) {
  return *json::string_member(log_batch, "messageType") == "CONTROL_MESSAGE";
}

bool is_sns_notification(const Json& value) {
  return is_sns(value, "Notification") && json::string_member(value, "Message") != nullptr;
}

bool is_sns_confirmation(const Json& value) {
  return is_sns(value, "SubscriptionConfirmation") || is_sns(value, "UnsubscribeConfirmation");
}

bool is_s3_test(const Json& value) {
  const std::string* event = json::string_member(value, "Event");
  return event != nullptr && *event == "s3:TestEvent";
}

bool is_s3_pointer(const Json& value) { return s3_place(value) != nullptr; }

bool is_invocation_record(const Json& value) {
  const Json* context = json::member(value, "requestContext");
  if (context == nullptr || json::string_member(*context, "functionArn") == nullptr) return false;
  return json::member(value, "requestPayload") != nullptr || json::member(value, "payload") != nullptr ||
         has_batch_place(value);
}

// KinesisBatchInfo, DDBStreamBatchInfo, KafkaBatchInfo …
bool has_batch_place(const Json& invocation_record) {
  return std::any_of(invocation_record.items().begin(), invocation_record.items().end(), [](const auto& member) {
    return std::string_view(member.key()).ends_with("BatchInfo") && member.value().is_object();
  });
}

std::string s3_record_note(const Json& record) {
  const Json* s3 = json::member(record, "s3");
  return s3_note(s3 == nullptr ? record : *s3, KeySpelling::url_encoded);
}

std::string s3_event_note(const Json& detail) { return s3_note(detail, KeySpelling::plain); }

std::string s3_task_note(const Json& task) {
  Json bucket;  // version 2.0 of the schema names it, 1.0 gives its ARN
  if (const std::string* name = json::string_member(task, "s3Bucket")) {
    bucket = *name;
  } else if (const std::string* arn = json::string_member(task, "s3BucketArn")) {
    bucket = arn->substr(arn->rfind(':') + 1);
  }
  return s3_note(&bucket, json::member(task, "s3Key"), KeySpelling::url_encoded);
}

std::string s3_pointer_note(const Json& pointer) {
  const Json* place = s3_place(pointer);
  return s3_note(json::member(place, "s3BucketName"), json::member(place, "s3Key"), KeySpelling::plain);
}

}  // namespace textlambda::events
