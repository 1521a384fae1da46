// A message as a service hands it over, down to the texts in it: envelopes are opened (an SNS notification or an
// EventBridge event in an SQS body, an S3 notice in either, CloudWatch log lines in a stream's record), JSON is
// searched for the text, anything else is the text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "textlambda/events/limits.h"
#include "textlambda/events/text_pointers.h"

namespace textlambda::events {

// Exactly one of the three is filled.
struct Message {
  std::vector<std::string> texts;
  std::string skipped;     // why there is nothing to classify, by contract
  std::string error;       // why there is no text where one should be
  bool too_large = false;  // the error is the limit on a text
};

Message of_text(std::string text, const Limits& limits);
Message of_skipped(std::string reason);
Message of_error(std::string reason);

class MessageReader {
 public:
  // Both have to outlive the reader.
  MessageReader(const TextPointers& pointers, const Limits& limits) : pointers_(pointers), limits_(limits) {}

  const TextPointers& pointers() const { return pointers_; }

  // A body: plain text, or JSON with a text in it.
  Message read(std::string_view body) const { return read_body(body, 0); }
  // The same without envelopes: what a client sends is no notice of a service.
  Message read_plain(std::string_view body) const;
  // The same where the JSON is there already, such as the detail of an event. Without a text at the pointers it counts
  // as a whole, as compact JSON.
  Message read_value(const nlohmann::json& value) const;
  // A text where the pointers lead, or else an error.
  Message read_at_pointers(const nlohmann::json& value) const;
  // EventBridge's envelope, `detail-type` and `source` beside `detail`.
  Message read_eventbridge(const nlohmann::json& event) const { return read_eventbridge(event, 0); }

 private:
  Message read_body(std::string_view body, std::size_t envelopes) const;
  Message read_eventbridge(const nlohmann::json& event, std::size_t envelopes) const;
  Message read_log_batch(const nlohmann::json& batch, std::size_t envelopes) const;
  bool parses(std::string_view body, nlohmann::json& value) const;
  Message search(nlohmann::json& value, std::string_view body) const;
  bool open_envelope(const nlohmann::json& body, std::size_t envelopes, Message& message) const;

  const TextPointers& pointers_;
  const Limits& limits_;
};

// Why there is nothing to classify: "s3://bucket/key: the text is in the object, which …".
std::string s3_record_note(const nlohmann::json& record);
std::string s3_task_note(const nlohmann::json& task);  // of S3 Batch Operations
bool is_eventbridge(const nlohmann::json& value);
bool is_scheduled(const nlohmann::json& eventbridge_event);
// A batch of CloudWatch Logs, which Kinesis and Firehose may carry too.
bool is_log_batch(const nlohmann::json& value);
bool is_control_message(const nlohmann::json& log_batch);

}  // namespace textlambda::events
