// The readers of each family of sources, and what they share. They fill an Event.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "textlambda/encoding/gzip.h"
#include "textlambda/lambda/event.h"
#include "textlambda/lambda/http_request.h"
#include "textlambda/lambda/limits.h"
#include "textlambda/lambda/message.h"

namespace textlambda::lambda {

class EventReader {
 public:
  // All have to outlive the reader. The event has its source and document already.
  EventReader(const nlohmann::json& document, const MessageReader& messages, const Limits& limits, Event& event);

  void read();

 private:
  // notification_events.cpp: SNS, SQS, SES, EventBridge.
  void read_notifications(const nlohmann::json& records);
  void read_queue(const nlohmann::json& records);
  void read_mail(const nlohmann::json& records);
  void read_bus();
  // object_events.cpp: S3 and its batch operations.
  void read_objects(const nlohmann::json& records);
  void read_object_tasks();
  // stream_events.cpp: what carries its data in base64.
  void read_kinesis(const nlohmann::json& records);
  void read_firehose();
  void read_kafka();
  void read_kafka_record(const nlohmann::json& record, const std::string* partition);
  void read_activemq();
  void read_rabbitmq();
  void read_rabbitmq_messages(const nlohmann::json& messages);
  void read_logs();
  // table_events.cpp: DynamoDB, DocumentDB.
  void read_dynamodb(const nlohmann::json& records);
  void read_documentdb();
  // http_events.cpp: API Gateway, function URLs, load balancers.
  void read_http();
  void read_http_question(const HttpRequest& request);
  void read_http_payload(const HttpRequest& request);
  void read_http_body(const std::string& body, const std::string& media_type);
  void read_http_json(const nlohmann::json& value);
  void refuse_http(int status_code, std::string reason);
  // payload_events.cpp: conversations, GraphQL, user pools, payloads of callers' own making.
  void read_lex();
  void read_appsync();
  Message read_appsync_item(const nlohmann::json& item) const;
  void read_cognito();
  void read_direct();
  Message read_payload(const nlohmann::json& payload) const;

  Record& add(std::string id, Message message, const nlohmann::json* item = nullptr);
  // False, and the event in error, where there are more than the limit.
  bool fits(std::size_t record_count);
  void fail(const char* type, std::string reason);
  // Base64, unpacked where it is gzip, within what the event may still unpack to. Returns why not, in one line.
  std::string decode(const nlohmann::json* data, std::string& content);
  encoding::Gunzipped unpack(std::string& content);
  // A message in base64; its decoded bytes stay in `content`.
  Message read_data(const nlohmann::json* data, std::string& content);

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

}  // namespace textlambda::lambda
