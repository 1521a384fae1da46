#include "textlambda/lambda/recognition.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "textlambda/json/document.h"
#include "textlambda/lambda/message.h"

namespace textlambda::lambda {
namespace {

using Json = nlohmann::json;

// A record's own word, `eventSource`; SNS spells it with a capital.
std::optional<Source> record_source(const Json& record) {
  const std::string* name = json::string_member(record, "eventSource");
  if (name == nullptr) name = json::string_member(record, "EventSource");
  if (name == nullptr) return std::nullopt;
  if (*name == "aws:sns") return Source::sns;
  if (*name == "aws:sqs") return Source::sqs;
  if (*name == "aws:kinesis") return Source::kinesis;
  if (*name == "aws:dynamodb") return Source::dynamodb;
  if (*name == "aws:s3") return Source::s3;
  if (*name == "aws:ses") return Source::ses;
  if (*name == "aws:kafka" || *name == "SelfManagedKafka") return Source::kafka;
  if (*name == "aws:mq" || *name == "aws:amq") return Source::activemq;
  if (*name == "aws:rmq") return Source::rabbitmq;
  if (*name == "aws:docdb") return Source::documentdb;
  return std::nullopt;
}

// Of the first record that says so: one damaged record does not hide the others.
std::optional<Source> records_source(const Json& records) {
  for (const Json& record : records) {
    if (const std::optional<Source> source = record_source(record)) return source;
  }
  return std::nullopt;
}

// The last, empty batch of a window names its stream beside the records.
std::optional<Source> window_source(const Json& event) {
  const std::string* arn = json::string_member(event, "eventSourceARN");
  if (arn == nullptr || json::member(event, "window") == nullptr) return std::nullopt;
  if (arn->find(":kinesis:") != std::string::npos) return Source::kinesis;
  if (arn->find(":dynamodb:") != std::string::npos) return Source::dynamodb;
  return std::nullopt;
}

bool has_object(const Json& event, const char* name) {
  const Json* value = json::member(event, name);
  return value != nullptr && value->is_object();
}

bool has_array(const Json& event, const char* name) {
  const Json* value = json::member(event, name);
  return value != nullptr && value->is_array();
}

bool has_string(const Json& event, const char* name) { return json::string_member(event, name) != nullptr; }

// API Gateway asking who may call: a request's members without its body, and it wants a policy, not an answer.
bool is_authorizer(const Json& event) { return has_string(event, "methodArn") || has_string(event, "routeArn"); }

std::optional<Source> http_source(const Json& event) {
  if (is_authorizer(event)) return std::nullopt;
  const Json* context = json::member(event, "requestContext");
  if (context != nullptr && has_object(*context, "elb")) return Source::alb;
  const std::string* version = json::string_member(event, "version");
  if (version != nullptr && *version == "2.0" && context != nullptr && has_object(*context, "http")) {
    const std::string* domain = json::string_member(*context, "domainName");
    const bool url = domain != nullptr && domain->find(".lambda-url.") != std::string::npos;
    return url ? Source::function_url : Source::http_api;
  }
  if (has_string(event, "resource") && has_string(event, "httpMethod")) return Source::api_gateway_rest;
  // The custom integration with the request template that the Serverless Framework writes.
  if (has_string(event, "method") && has_object(event, "headers") && has_object(event, "query") &&
      has_object(event, "path") && has_object(event, "identity") && json::member(event, "body") != nullptr) {
    return Source::api_gateway_rest;
  }
  return std::nullopt;
}

bool is_appsync(const Json& event) {
  const Json* info = json::member(event, "info");
  return info != nullptr && has_string(*info, "fieldName");
}

bool is_lex(const Json& event) { return has_array(event, "interpretations") || has_object(event, "currentIntent"); }

// A trigger of a user pool, or of Cognito Sync.
bool is_cognito(const Json& event) {
  const std::string* type = json::string_member(event, "eventType");
  return has_string(event, "triggerSource") ||
         (type != nullptr && *type == "SyncTrigger" && has_string(event, "identityId"));
}

std::optional<Source> object_source(const Json& event) {
  if (has_array(event, "Records")) {
    if (const auto source = records_source(*json::member(event, "Records"))) return source;
    if (const auto source = window_source(event)) return source;
  }
  if (const auto source = http_source(event)) return source;
  if (has_object(event, "awslogs")) return Source::cloudwatch_logs;
  if (has_string(event, "detail-type") && has_string(event, "source")) {
    return is_scheduled(event) ? Source::scheduled : Source::eventbridge;
  }
  if (has_string(event, "deliveryStreamArn") && has_array(event, "records")) return Source::firehose;
  if (const auto source = record_source(event)) {
    if (*source == Source::kafka && has_object(event, "records")) return source;
    if (*source == Source::activemq && has_array(event, "messages")) return source;
    if (*source == Source::rabbitmq && has_object(event, "rmqMessagesByQueue")) return source;
    if (*source == Source::documentdb && has_array(event, "events")) return source;
  }
  if (has_string(event, "invocationSchemaVersion") && has_array(event, "tasks")) return Source::s3_batch;
  if (is_lex(event)) return Source::lex;
  if (is_appsync(event)) return Source::appsync;
  if (is_cognito(event)) return Source::cognito;
  return std::nullopt;
}

}  // namespace

Recognition recognise(const Json& event) {
  if (event.is_array()) {
    if (const auto source = records_source(event)) return {*source, true};
    if (std::any_of(event.begin(), event.end(), is_appsync)) return {Source::appsync, true};
    return {Source::direct, true};
  }
  return {object_source(event).value_or(Source::direct), false};
}

}  // namespace textlambda::lambda
