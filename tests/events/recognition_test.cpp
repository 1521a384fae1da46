#include "textlambda/events/recognition.h"

#include <set>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "textlambda/events/source.h"

#include "tests/catch.h"

namespace textlambda::events {
namespace {

TEST_CASE("the names of the sources") {
  for (int i = 0; i < kSourceCount; ++i) {
    const auto source = static_cast<Source>(i);
    CHECK(source_of(source_name(source)) == source);
  }
  CHECK(source_name(Source::sns) == "sns");
  CHECK(source_name(Source::api_gateway_rest) == "api_gateway_rest");
  CHECK(source_of("direct") == Source::direct);
  CHECK_FALSE(source_of("SQS"));
}

TEST_CASE("the traits of the sources") {
  std::set<std::string> http;
  std::set<std::string> batches;
  std::set<std::string> without_text;
  for (int i = 0; i < kSourceCount; ++i) {
    const auto source = static_cast<Source>(i);
    const std::string name(source_name(source));
    if (is_http(source)) http.insert(name);
    if (takes_batch_failures(source)) batches.insert(name);
    if (!carries_text(source)) without_text.insert(name);
  }
  CHECK(http == std::set<std::string>{"alb", "api_gateway_rest", "api_gateway_websocket", "function_url", "http_api",
                                      "vpc_lattice_v1", "vpc_lattice_v2"});
  CHECK(batches == std::set<std::string>{"dynamodb", "kafka", "kinesis", "sqs"});
  CHECK(without_text == std::set<std::string>{"s3", "s3_batch", "scheduled", "warmup"});
}

// The least that tells a source; the contract tests have whole events.
TEST_CASE("sources are told by the JSON alone") {
  struct Case {
    std::string event;
    std::string source;
    bool array = false;
  };
  const std::vector<Case> cases = {
      {R"({"Records": [{"EventSource": "aws:sns"}]})", "sns"},
      {R"({"Records": [{"eventSource": "aws:sqs"}]})", "sqs"},
      {R"({"Records": [{}, 5, {"eventSource": "aws:sqs"}]})", "sqs"},
      {R"({"Records": [{"eventSource": "aws:kinesis"}]})", "kinesis"},
      {R"({"Records": [], "window": {}, "eventSourceARN": "arn:aws:kinesis:us-east-1:1:stream/s"})", "kinesis"},
      {R"({"Records": [], "window": {}, "eventSourceARN": "arn:aws:dynamodb:us-east-1:1:table/t/stream/s"})",
       "dynamodb"},
      {R"({"Records": [{"eventSource": "aws:dynamodb"}]})", "dynamodb"},
      {R"({"Records": [{"eventSource": "aws:s3"}]})", "s3"},
      {R"({"Records": [{"eventSource": "aws:ses"}]})", "ses"},
      {R"({"invocationSchemaVersion": "1.0", "tasks": []})", "s3_batch"},
      {R"({"awslogs": {"data": ""}})", "cloudwatch_logs"},
      {R"({"detail-type": "x", "source": "my.app"})", "eventbridge"},
      {R"({"detail-type": "EC2 Instance State-change Notification", "source": "aws.ec2", "detail": {}})",
       "eventbridge"},
      {R"({"detail-type": "Scheduled Event", "source": "aws.events"})", "scheduled"},
      {R"({"deliveryStreamArn": "arn", "records": []})", "firehose"},
      {R"({"deliverySteamArn": "arn", "records": []})", "firehose"},
      {R"({"invocationId": "i", "records": [{}, {"recordId": "r"}]})", "firehose"},
      {R"({"invocationId": "i", "records": [{"id": "r"}]})", "direct"},
      {R"({"records": [{"recordId": "r"}]})", "direct"},
      {R"({"eventSource": "aws:SelfManagedKafka", "records": {}})", "kafka"},
      {R"([{"eventSource": "aws:SelfManagedKafka"}])", "kafka", true},
      {R"({"eventSource": "aws:kafka", "records": {}})", "kafka"},
      {R"({"eventSource": "SelfManagedKafka", "records": {}})", "kafka"},
      {R"({"eventSource": "aws:mq", "messages": []})", "activemq"},
      {R"({"eventSource": "aws:rmq", "rmqMessagesByQueue": {}})", "rabbitmq"},
      {R"({"eventSource": "aws:docdb", "events": []})", "documentdb"},
      {R"({"resource": "/", "httpMethod": "GET"})", "api_gateway_rest"},
      {R"({"version": "1.0", "resource": "/", "httpMethod": "GET", "requestContext": {}})", "api_gateway_rest"},
      {R"({"requestContext": {"connectionId": "c=", "eventType": "CONNECT"}})", "api_gateway_websocket"},
      {R"({"requestContext": {"connectionId": "c=", "routeKey": "classify"}, "body": "a"})", "api_gateway_websocket"},
      {R"({"requestContext": {"connectionId": "c="}})", "direct"},
      {R"({"requestContext": {"connectionId": 5, "eventType": "CONNECT"}})", "direct"},
      {R"({"type": "REQUEST", "methodArn": "arn", "requestContext": {"connectionId": "c=", "eventType": "CONNECT"}})",
       "direct"},
      {R"({"path": "/", "httpMethod": "GET"})", "api_gateway_rest"},
      {R"({"path": "/", "httpMethod": "GET", "methodArn": "arn"})", "direct"},
      {R"({"httpMethod": "GET"})", "direct"},
      {R"({"version": "2.0", "requestContext": {"http": {}, "domainName": "a.execute-api.x.amazonaws.com"}})",
       "http_api"},
      {R"({"version": "2.0", "requestContext": {"http": {}}})", "http_api"},
      {R"({"version": "2.0", "requestContext": {"http": {}, "domainName": "a.lambda-url.x.on.aws"}})", "function_url"},
      {R"({"version": "2.0", "requestContext": {"serviceArn": "arn"}})", "direct"},
      {R"({"type": "REQUEST", "methodArn": "arn", "resource": "/", "httpMethod": "GET", "requestContext": {}})",
       "direct"},
      {R"({"type": "REQUEST", "routeArn": "arn", "version": "2.0", "requestContext": {"http": {}}})", "direct"},
      {R"({"httpMethod": "GET", "requestContext": {"elb": {}}})", "alb"},
      {R"({"method": "GET", "raw_path": "/", "headers": {}})", "vpc_lattice_v1"},
      {R"({"method": "GET", "raw_path": "/", "headers": {}, "methodArn": "arn"})", "direct"},
      {R"({"method": "GET", "raw_path": 5, "headers": {}})", "direct"},
      {R"({"version": "2.0", "method": "GET", "requestContext": {"serviceNetworkArn": "arn"}})", "vpc_lattice_v2"},
      {R"({"version": "2.0", "requestContext": {"serviceNetworkArn": "arn"}})", "direct"},
      {R"({"interpretations": []})", "lex"},
      {R"({"currentIntent": {}})", "lex"},
      {R"({"messageVersion": "1.0", "actionGroup": "g", "apiPath": "/p"})", "bedrock_agent"},
      {R"({"messageVersion": "1.0", "actionGroup": "g", "function": "f"})", "bedrock_agent"},
      {R"({"messageVersion": "1.0", "actionGroup": "g"})", "direct"},
      {R"({"messageVersion": "1.0", "function": "f"})", "direct"},
      {R"({"Name": "ContactFlowEvent", "Details": {"ContactData": {}}})", "connect"},
      {R"({"Name": "ContactFlowEvent", "Details": {}})", "direct"},
      {R"({"Name": "SomethingElse", "Details": {"ContactData": {}}})", "direct"},
      {R"({"info": {"fieldName": "f"}})", "appsync"},
      {R"([{"info": {"fieldName": "f"}}])", "appsync", true},
      {R"({"info": {"channelNamespace": {"name": "n"}, "operation": "PUBLISH"}, "events": []})", "appsync_events"},
      {R"({"info": {"channelNamespace": {"name": "n"}}, "events": []})", "direct"},
      {R"({"triggerSource": "PreSignUp_SignUp"})", "cognito"},
      {R"({"eventType": "SyncTrigger", "identityId": "i"})", "cognito"},
      {R"([{"eventSource": "aws:sqs"}])", "sqs", true},
      {R"([{"eventSource": "aws:amq"}])", "activemq", true},
      {R"({"source": "serverless-plugin-warmup"})", "warmup"},
      {R"([{"warmer": true, "concurrency": 2}])", "warmup", true},
      {R"([{"warmer": true}, "a"])", "direct", true},
      {R"([])", "direct", true},
      {R"(["a", "b"])", "direct", true},
      {R"({"text": "a"})", "direct"},
      {R"({"eventSource": "aws:sqs"})", "direct"},
      {R"({"Records": {"eventSource": "aws:sqs"}})", "direct"},
      // A list of that name is not where these have their records.
      {R"({"Records": [{"eventSource": "aws:kafka"}]})", "direct"},
      {R"({"Records": [{"eventSource": "aws:rmq"}, {"eventSource": "aws:sqs"}]})", "sqs"},
      {R"({"requestContext": "elb", "info": "fieldName", "awslogs": "data"})", "direct"},
      {"5", "direct"},
      {"null", "direct"},
  };
  std::set<std::string> told;
  for (const Case& each : cases) {
    INFO(each.event);
    const Recognition found = recognise(nlohmann::json::parse(each.event));
    CHECK(source_name(found.source) == each.source);
    CHECK(found.array == each.array);
    told.insert(each.source);
  }
  CHECK(told.size() == kSourceCount);
}

// What the usual plugins and schedules send, and what is near it.
TEST_CASE("calls that only keep the function warm") {
  for (const char* event : {R"({"source": "serverless-plugin-warmup"})",
                            R"({"source": "serverless-plugin-lambda-warmup"})",
                            R"({"warmer": true, "concurrency": 3})",
                            R"({"warmer": true, "concurrency": 3, "target": "tickets:live"})",
                            R"({"warmer": true, "__WARMER_INVOCATION__": 2, "__WARMER_CONCURRENCY__": 3,
                                "__WARMER_CORRELATIONID__": "1618-03"})",
                            R"({"warmup": true})",
                            R"({"warmup": "true"})",
                            R"({"warmup": 1})",
                            R"({"warm": true})",
                            R"({"keep-warm": true, "delay": 75})",
                            R"({"keep_warm": true})",
                            R"({"keepWarm": true, "id": "a", "time": "2026-01-02T12:45:07Z"})",
                            R"({"isWarmup": true, "nothing": null})",
                            R"({"ping": true})",
                            R"({"lambdaWarmer": true})",
                            R"({"source": "serverless-plugin-warmup", "payload": {"stage": "prod"}})",
                            R"({"action": "warmup"})",
                            R"({"type": "KEEP_WARM"})",
                            R"({"event": "lambda-warmer"})",
                            R"({"source": "aws.events"})",
                            R"({"source": "aws.scheduler", "warmup": true})"}) {
    INFO(event);
    CHECK(source_name(recognise(nlohmann::json::parse(event)).source) == "warmup");
  }
  for (const char* event :
       {R"({"warmup": false})", R"({"warmup": 0})", R"({"warmer": true, "text": "a text"})",
        R"({"warmup": true, "data": {"text": "a text"}})", R"({"warmup": true, "texts": ["a text"]})",
        R"({"concurrency": 3})", R"({"source": "my.shop"})", R"({"event": "the warmup was too short"})",
        R"({"event": "warm and friendly"})", R"({"text": "warmup"})", R"("warmup")", R"({})"}) {
    INFO(event);
    CHECK(source_name(recognise(nlohmann::json::parse(event)).source) == "direct");
  }
}

}  // namespace
}  // namespace textlambda::events
