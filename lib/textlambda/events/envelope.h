// What services and clients wrap a message in, told by its JSON. Pure functions.
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

namespace textlambda::events {

// An event of EventBridge: `detail-type` and `source` beside `detail`.
bool is_eventbridge(const nlohmann::json& value);
bool is_scheduled(const nlohmann::json& eventbridge_event);

// A batch of CloudWatch Logs, which Kinesis and Firehose may carry too.
bool is_log_batch(const nlohmann::json& value);
bool is_control_message(const nlohmann::json& log_batch);

// What SNS sends to a queue, or over HTTPS.
bool is_sns_notification(const nlohmann::json& value);
// Asks for a subscription to be confirmed, or its end.
bool is_sns_confirmation(const nlohmann::json& value);

// What S3 sends once to a newly configured target.
bool is_s3_test(const nlohmann::json& value);
// What the extended clients of SQS and SNS send in place of a message that is too large for a queue: an array of a
// class's name and where the object is, or that alone.
bool is_s3_pointer(const nlohmann::json& value);

// What Lambda sends to a function's destination, of an invocation that succeeded or failed.
bool is_invocation_record(const nlohmann::json& value);
// Of a stream's batch that failed such a record has the place alone, the records stay where they are.
bool has_batch_place(const nlohmann::json& invocation_record);

// Why there is nothing to classify: "s3://bucket/key: the text is in the object, which …".
std::string s3_record_note(const nlohmann::json& record);
std::string s3_event_note(const nlohmann::json& detail);  // of EventBridge
std::string s3_task_note(const nlohmann::json& task);     // of S3 Batch Operations
std::string s3_pointer_note(const nlohmann::json& pointer);

}  // namespace textlambda::events
