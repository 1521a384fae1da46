// A message reads the same whatever brings it: envelopes are opened in every carrier, and JSON within JSON.
#include <functional>
#include <string>
#include <vector>

#include "tests/catch.h"
#include "tests/events/contract.h"

namespace textlambda::events {
namespace {

using nlohmann::json;

json parsed_or_text(const std::string& message) {
  json value = json::parse(message, nullptr, false);
  return value.is_discarded() ? json(message) : value;
}

json request(const std::string& content_type, const std::string& body, bool base64_encoded = false) {
  return {{"version", "2.0"},
          {"headers", {{"content-type", content_type}}},
          {"requestContext", {{"domainName", "a.lambda-url.eu-central-1.on.aws"}, {"http", {{"method", "POST"}}}}},
          {"body", body},
          {"isBase64Encoded", base64_encoded}};
}

struct Carrier {
  std::string name;
  std::function<std::string(const std::string& message)> event;
};

const std::vector<Carrier>& carriers() {
  static const std::vector<Carrier> kCarriers = {
      {"SQS",
       [](const std::string& message) {
         return json{{"Records", {{{"eventSource", "aws:sqs"}, {"messageId", "m"}, {"body", message}}}}}.dump();
       }},
      {"SNS",
       [](const std::string& message) {
         return json{{"Records", {{{"EventSource", "aws:sns"}, {"Sns", {{"MessageId", "m"}, {"Message", message}}}}}}}
             .dump();
       }},
      {"Kinesis",
       [](const std::string& message) {
         return json{
             {"Records",
              {{{"eventSource", "aws:kinesis"}, {"kinesis", {{"sequenceNumber", "1"}, {"data", base64(message)}}}}}}}
             .dump();
       }},
      {"Kinesis, gzip",
       [](const std::string& message) {
         return json{{"Records",
                      {{{"eventSource", "aws:kinesis"},
                        {"kinesis", {{"sequenceNumber", "1"}, {"data", base64(gzipped(message))}}}}}}}
             .dump();
       }},
      {"Kafka, zlib",
       [](const std::string& message) {
         return json{{"eventSource", "aws:kafka"},
                     {"records", {{"t-0", {{{"offset", 1}, {"value", base64(zlib_packed(message))}}}}}}}
             .dump();
       }},
      {"Firehose",
       [](const std::string& message) {
         return json{{"deliveryStreamArn", "arn"}, {"records", {{{"recordId", "r"}, {"data", base64(message)}}}}}
             .dump();
       }},
      {"ActiveMQ",
       [](const std::string& message) {
         return json{{"eventSource", "aws:mq"}, {"messages", {{{"messageID", "m"}, {"data", base64(message)}}}}}.dump();
       }},
      {"RabbitMQ",
       [](const std::string& message) {
         return json{{"eventSource", "aws:rmq"},
                     {"rmqMessagesByQueue", {{"q::/", {{{"redelivered", false}, {"data", base64(message)}}}}}}}
             .dump();
       }},
      {"a log line",
       [](const std::string& message) {
         const json batch = {{"messageType", "DATA_MESSAGE"}, {"logEvents", {{{"id", "1"}, {"message", message}}}}};
         return json{{"awslogs", {{"data", base64(gzipped(batch.dump()))}}}}.dump();
       }},
      {"EventBridge",
       [](const std::string& message) {
         return json{{"detail-type", "t"}, {"source", "my.shop"}, {"detail", parsed_or_text(message)}}.dump();
       }},
      {"DynamoDB",
       [](const std::string& message) {
         return json{{"Records",
                      {{{"eventSource", "aws:dynamodb"},
                        {"dynamodb", {{"SequenceNumber", "1"}, {"NewImage", {{"text", {{"S", message}}}}}}}}}}}
             .dump();
       }},
      {"DocumentDB",
       [](const std::string& message) {
         return json{{"eventSource", "aws:docdb"}, {"events", {{{"event", {{"fullDocument", {{"text", message}}}}}}}}}
             .dump();
       }},
      {"HTTP, text", [](const std::string& message) { return request("text/plain; charset=UTF-8", message).dump(); }},
      {"HTTP, base64", [](const std::string& message) { return request("text/plain", base64(message), true).dump(); }},
      {"HTTP, JSON",
       [](const std::string& message) { return request("application/json", parsed_or_text(message).dump()).dump(); }},
      {"HTTP, a form's field",
       [](const std::string& message) {
         std::string encoded;
         for (const char byte : message) {
           encoded += '%';
           encoded += "0123456789ABCDEF"[static_cast<unsigned char>(byte) >> 4U];
           encoded += "0123456789ABCDEF"[static_cast<unsigned char>(byte) & 15U];
         }
         return request("application/x-www-form-urlencoded", "id=5&text=" + encoded).dump();
       }},
      {"a direct call", [](const std::string& message) { return parsed_or_text(message).dump(); }},
      {"a direct call's text",
       [](const std::string& message) {
         return json{{"text", message}}.dump();
       }},
      {"a direct call's string", [](const std::string& message) { return json(message).dump(); }},
      {"AppSync",
       [](const std::string& message) {
         return json{{"info", {{"fieldName", "f"}}}, {"arguments", {{"text", message}}}}.dump();
       }},
      {"Amazon Connect",
       [](const std::string& message) {
         return json{{"Name", "ContactFlowEvent"},
                     {"Details", {{"ContactData", {{"ContactId", "c"}}}, {"Parameters", {{"text", message}}}}}}
             .dump();
       }},
      {"a Bedrock agent",
       [](const std::string& message) {
         return json{
             {"messageVersion", "1.0"}, {"agent", {{"name", "a"}}},
             {"sessionId", "s"},        {"actionGroup", "g"},
             {"function", "f"},         {"parameters", {{{"name", "text"}, {"type", "string"}, {"value", message}}}}}
             .dump();
       }},
      {"AppSync Events",
       [](const std::string& message) {
         return json{{"info", {{"channelNamespace", {{"name", "n"}}}, {"operation", "PUBLISH"}}},
                     {"events", {{{"id", "e"}, {"payload", parsed_or_text(message)}}}}}
             .dump();
       }},
  };
  return kCarriers;
}

bool has_room_for_one(const Carrier& carrier) {
  return carrier.name.starts_with("AppSync") || carrier.name.starts_with("Amazon Connect") ||
         carrier.name.starts_with("a Bedrock agent");
}

const std::string kEventBridge =
    R"({"version": "0", "id": "e", "detail-type": "Review", "source": "my.shop", "detail": {"text": "good", "x": "bad"}})";
const std::string kSnsRecords =
    R"({"Records": [{"EventSource": "aws:sns", "EventVersion": "1.0", "Sns": {"MessageId": "m", "Message": "good"}}]})";
const std::string kS3Records = R"({"Records": [{"eventSource": "aws:s3", "eventName": "ObjectCreated:Put",
    "s3": {"bucket": {"name": "inbox"}, "object": {"key": "a+b.txt"}}}]})";
const std::string kNotFetched = ": the text is in the object, which this function does not fetch";

std::string notification(const std::string& message, const std::string& type = "Notification") {
  return json{{"Type", type},
              {"MessageId", "m"},
              {"TopicArn", "arn:aws:sns:eu-central-1:1:t"},
              {"Message", message},
              {"SigningCertURL", "https://sns.example"},
              {"UnsubscribeURL", "https://sns.example"}}
      .dump();
}

// As Lambda sends it to a destination. `payload` is JSON.
std::string invocation(const std::string& payload, const std::string& condition = "RetriesExhausted") {
  return R"({"version": "1.0", "timestamp": "2026-01-01T00:00:00.000Z", "requestContext": {"requestId": "r",
      "functionArn": "arn:aws:lambda:eu-central-1:1:function:f:$LATEST", "condition": ")" +
         condition + R"(", "approximateInvokeCount": 3}, "requestPayload": )" + payload +
         R"(, "responseContext": {"statusCode": 200, "functionError": "Unhandled"},
             "responsePayload": {"errorMessage": "bad", "text": "bad"}})";
}

struct Envelope {
  std::string name;
  std::string message;
  std::vector<std::string> texts;  // none: skipped
  std::string note;                // then
};

std::vector<Envelope> envelopes() {
  return {
      {"none", "good", {"good"}, ""},
      {"JSON", R"({"id": 7, "text": "good"})", {"good"}, ""},
      {"JSON behind a byte order mark", "\xEF\xBB\xBF{\"id\": 7, \"text\": \"good\"}", {"good"}, ""},
      {"JSON in JSON", R"({"body": "{\"text\": \"good\", \"x\": \"bad\"}"})", {"good"}, ""},
      {"JSON in JSON in JSON", R"({"message": "{\"body\": \"{\\\"text\\\": \\\"good\\\"}\"}"})", {"good"}, ""},
      {"JSON in a JSON string", R"("{\"text\": \"good\"}")", {"good"}, ""},
      {"a JSON string at a pointer", R"({"text": "\"good\""})", {"good"}, ""},
      {"a notification", notification("good"), {"good"}, ""},
      {"a notification with JSON in JSON", notification(R"({"body": "{\"text\": \"good\"}"})"), {"good"}, ""},
      {"at a pointer", json{{"body", notification("good")}}.dump(), {"good"}, ""},
      {"a subscription",
       notification("You have chosen to subscribe", "SubscriptionConfirmation"),
       {},
       "SubscriptionConfirmation of SNS, which this function does not answer"},
      {"its end",
       notification("You have chosen to deactivate", "UnsubscribeConfirmation"),
       {},
       "UnsubscribeConfirmation of SNS, which this function does not answer"},
      {"an event", kEventBridge, {"good"}, ""},
      {"an event in a notification", notification(kEventBridge), {"good"}, ""},
      {"a schedule",
       R"({"detail-type": "Scheduled Event", "source": "aws.events", "detail": {}})",
       {},
       "a scheduled event has no text"},
      {"an object", kS3Records, {}, "s3://inbox/a b.txt" + kNotFetched},
      {"an object in a notification", notification(kS3Records), {}, "s3://inbox/a b.txt" + kNotFetched},
      {"an object, by EventBridge",
       R"({"detail-type": "Object Created", "source": "aws.s3",
           "detail": {"bucket": {"name": "inbox"}, "object": {"key": "a+b.txt"}}})",
       {},
       "s3://inbox/a+b.txt" + kNotFetched},
      {"S3's test",
       R"({"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "inbox"})",
       {},
       "a test event of S3"},
      {"a large message",
       R"(["software.amazon.payloadoffloading.PayloadS3Pointer", {"s3BucketName": "big", "s3Key": "c7-1e"}])",
       {},
       "s3://big/c7-1e" + kNotFetched},
      {"a large message of old",
       R"(["com.amazon.sqs.javamessaging.MessageS3Pointer", {"s3BucketName": "big", "s3Key": "a b"}])",
       {},
       "s3://big/a b" + kNotFetched},
      {"a large message, the place alone", R"({"s3BucketName": "big", "s3Key": "k"})", {}, "s3://big/k" + kNotFetched},
      {"a large message in a notification",
       notification(R"(["software.amazon.payloadoffloading.PayloadS3Pointer", {"s3BucketName": "b", "s3Key": "k"}])"),
       {},
       "s3://b/k" + kNotFetched},
      {"a failed invocation", invocation(R"({"text": "good"})"), {"good"}, ""},
      {"one that succeeded", invocation(R"({"text": "good"})", "Success"), {"good"}, ""},
      {"of a string", invocation(R"("good")"), {"good"}, ""},
      {"of JSON in a string", invocation(R"("{\"text\": \"good\"}")"), {"good"}, ""},
      {"of other JSON", invocation(R"({"said":"good"})"), {R"({"said":"good"})"}, ""},
      {"of a topic", invocation(kSnsRecords), {"good"}, ""},
      {"of a bucket", invocation(kS3Records), {}, "s3://inbox/a b.txt" + kNotFetched},
      {"of a log",
       invocation(json{{"awslogs",
                        {{"data", base64(gzipped(json{{"messageType", "DATA_MESSAGE"},
                                                      {"logEvents", {{{"id", "1"}, {"message", "good"}}}}}
                                                     .dump()))}}}}
                      .dump()),
       {"good"},
       ""},
      {"of nothing", invocation("null"), {}, "an invocation without a payload"},
      {"a failed invocation, by EventBridge",
       R"({"detail-type": "Lambda Function Invocation Result - Failure", "source": "lambda", "detail": )" +
           invocation(R"({"text": "good"})") + "}",
       {"good"},
       ""},
      {"a stream's failed batch",
       R"({"requestContext": {"functionArn": "arn", "condition": "RetryAttemptsExhausted"}, "version": "1.0",
           "KinesisBatchInfo": {"shardId": "s", "startSequenceNumber": "1", "batchSize": 3}})",
       {},
       "a batch that failed: its records are in the stream still"},
      {"a stream's failed batch with its records",
       R"({"requestContext": {"functionArn": "arn"}, "KinesisBatchInfo": {"batchSize": 1}, "payload": )" +
           json(kSnsRecords).dump() + "}",
       {"good"},
       ""},
      {"a topic's dead letter", kSnsRecords, {"good"}, ""},
      {"a change of a table",
       R"({"awsRegion": "r", "eventID": "e", "eventName": "INSERT", "userIdentity": null, "tableName": "t",
           "recordFormat": "application/json", "eventSource": "aws:dynamodb",
           "dynamodb": {"Keys": {"id": {"S": "bad"}}, "NewImage": {"id": {"S": "bad"}, "text": {"S": "good"}}}})",
       {"good"},
       ""},
      {"a change of a table without a text",
       R"({"eventName": "MODIFY", "eventSource": "aws:dynamodb", "dynamodb": {"NewImage": {"n": {"N": "5"}}}})",
       {},
       "no text: nothing but keys, numbers and the like"},
      {"the end of an item",
       R"({"eventName": "REMOVE", "eventSource": "aws:dynamodb", "dynamodb": {"OldImage": {"text": {"S": "bad"}}}})",
       {},
       "an item was removed"},
      {"a queue's message, by a pipe",
       R"({"messageId": "m", "body": "{\"text\": \"good\"}", "eventSource": "aws:sqs"})",
       {"good"},
       ""},
      {"a stream's record, by a pipe",
       R"({"eventSource": "aws:kinesis", "sequenceNumber": "1", "data": ")" + base64("good") + R"("})",
       {"good"},
       ""},
      {"a mail",
       R"({"Records": [{"eventSource": "aws:ses", "ses": {"mail": {"commonHeaders": {"subject": "good"}}}}]})",
       {"good"},
       ""},
      // What only resembles one of them.
      {"no notification", R"({"Type": "Notification", "Message": "bad", "text": "good"})", {"good"}, ""},
      {"no pointer", R"({"s3BucketName": "b", "s3Key": "k", "text": "good"})", {"good"}, ""},
      {"no invocation", R"({"requestContext": {"functionArn": "arn"}, "text": "good"})", {"good"}, ""},
      {"another's event source",
       R"({"eventSource": "s3.amazonaws.com", "eventName": "x", "text": "good"})",
       {"good"},
       ""},
      {"another's records", R"({"Records": [{"a": 1}], "text": "good"})", {"good"}, ""},
      {"a web server's line", R"({"httpMethod": "GET", "path": "/", "status": 200, "message": "good"})", {"good"}, ""},
  };
}

TEST_CASE("envelopes are opened in every carrier") {
  const SampleHandler handle;
  for (const Envelope& envelope : envelopes()) {
    for (const Carrier& carrier : carriers()) {
      // Of its own accord a REST request.
      if (envelope.name == "a web server's line" && carrier.name == "a direct call") continue;
      const std::string event = carrier.event(envelope.message);
      INFO(envelope.name << " in " << carrier.name << ": " << event);
      CHECK(handle.handler().texts(event) == envelope.texts);
      if (!envelope.texts.empty()) continue;
      const Answer answer = handle(event);
      REQUIRE(answer.records.size() == 1);
      const RecordOutcome& record = answer.records[0];
      CHECK((record.skipped ? record.note : record.error).find(envelope.note) != std::string::npos);
      // Skipped is a success, but for who has to be given a classification, and a schedule that the event itself is.
      CHECK(record.ok == !has_room_for_one(carrier));
    }
  }
}

TEST_CASE("several texts in one message are classified one by one") {
  const std::string two =
      R"({"Records": [{"EventSource": "aws:sns", "Sns": {"Message": "good"}},
                      {"EventSource": "aws:sns", "Sns": {"Message": "{\"Event\": \"s3:TestEvent\"}"}},
                      {"EventSource": "aws:sns", "Sns": {"Message": "{\"text\": \"bad\"}"}}]})";
  const SampleHandler handle;
  for (const Carrier& carrier : carriers()) {
    if (carrier.name == "a direct call") continue;  // an event of SNS
    const std::string event = carrier.event(invocation(two));
    INFO(carrier.name << ": " << event);
    if (has_room_for_one(carrier)) {
      CHECK(handle(event).records[0].error.find("2 texts where one is expected") != std::string::npos);
      continue;
    }
    CHECK(handle.handler().texts(event) == std::vector<std::string>{"good", "bad"});
  }
  check_contract({
      {"over HTTP", Source::function_url, request("text/plain", notification(two)).dump(),
       R"({"statusCode": 200, "headers": {"content-type": "application/json"}, "body": [{"$": "good"}, {"$": "bad"}],
           "isBase64Encoded": false})"},
      {"in a direct call", Source::direct, notification(two),
       R"([{"$": "good", "status": "good"}, {"$": "bad", "status": "bad"}])"},
  });
}

TEST_CASE("a message that is skipped is a success") {
  const std::string confirmation = notification("confirm", "SubscriptionConfirmation");
  const std::string pointer =
      R"(["software.amazon.payloadoffloading.PayloadS3Pointer", {"s3BucketName": "b", "s3Key": "k"}])";
  const std::string refused = "SubscriptionConfirmation of SNS, which this function does not answer";
  const std::string note = "s3://b/k" + kNotFetched;
  const auto over_http = [](const std::string& reason) {
    return json{{"statusCode", 200},
                {"headers", {{"content-type", "application/json"}}},
                {"body", json{{"skipped", reason}}},
                {"isBase64Encoded", false}}
        .dump();
  };
  check_contract({
      {"SNS over HTTPS", Source::function_url, request("text/plain; charset=UTF-8", confirmation).dump(),
       over_http(refused)},
      {"as JSON", Source::function_url, request("application/json", confirmation).dump(), over_http(refused)},
      {"an array, as JSON", Source::function_url, request("application/json", pointer).dump(), over_http(note)},
      {"an array, as text", Source::function_url, request("text/plain", pointer).dump(), over_http(note)},
      {"a direct call", Source::direct, confirmation, json{{"skipped", refused}}.dump()},
      {"an array in a direct call", Source::direct, pointer, json{{"skipped", note}}.dump()},
      {"one of several in a direct call", Source::direct, "[" + confirmation + R"(, "good"])",
       json{{{"error", refused}}, {{"$", "good"}, {"status", "good"}}}.dump()},
  });
}

TEST_CASE("what is wrong inside an envelope fails the record") {
  const SampleHandler handle;
  const auto error = [&](const std::string& message) {
    return handle(json{{"Records", {{{"eventSource", "aws:sqs"}, {"messageId", "m"}, {"body", message}}}}}.dump())
        .records[0]
        .error;
  };
  CHECK(error(notification(" ")) == "the text is empty");
  CHECK(error(notification(R"({"text": ""})")) == "the text at /text is empty");
  CHECK(error(R"({"text": "{\"text\": \" \"}"})") == "the text at /text is empty");
  CHECK(error(R"("\"\"")") == "the text is empty");
  CHECK(error(invocation("{}")) == "the text is empty");
  CHECK(error(R"({"detail-type": "t", "source": "s"})") == "the event has no detail");
  CHECK(error(R"({"Records": [{"eventSource": "aws:sqs"}]})") == "no string at body");
  CHECK(error(R"({"Records": [{"EventSource": "aws:sns", "Sns": {"Message": "good"}}, {"EventSource": "aws:sns"}]})") ==
        "no string at Sns.Message");
  CHECK(error(R"({"awslogs": {"data": "*"}})") == "awslogs.data: not valid base64: \"*\" at byte 1");
  CHECK(error(R"({"eventSource": "aws:kinesis", "data": "*"})") == "not valid base64: \"*\" at byte 1");
}

TEST_CASE("JSON within JSON ends somewhere") {
  const SampleHandler handle;
  std::string message = R"({"text": "good"})";
  for (int depth = 0; depth < 4; ++depth) message = json{{"text", message}}.dump();
  CHECK(handle.respond(message)["label"] == "good");
  CHECK(handle(json{{"text", message}}.dump()).error_message == "more than 4 envelopes around the text");
  std::string event = R"({"text": "good"})";
  for (int depth = 0; depth < 4; ++depth) event = invocation(event);
  CHECK(handle.respond(event)["label"] == "good");
  CHECK(handle(invocation(event)).error_message == "more than 4 envelopes around the text");
  std::string detail = R"({"text": "good"})";
  for (int depth = 0; depth < 30; ++depth) detail = R"({"detail-type": "t", "source": "s", "detail": )" + detail + "}";
  CHECK(handle(detail).error_message == "more than 4 envelopes around the text");
  std::string records = R"({"Records": [{"eventSource": "aws:sqs", "messageId": "m", "body": "good"}]})";
  for (int depth = 0; depth < 5; ++depth) {
    records = json{{"Records", {{{"eventSource", "aws:sqs"}, {"messageId", "m"}, {"body", records}}}}}.dump();
  }
  CHECK(handle(records).records[0].error == "more than 4 envelopes around the text");
  HandlerOptions few;
  few.limits.records = 2;
  CHECK(SampleHandler(few)(invocation(R"({"Records": [{"EventSource": "aws:sns"}, {"EventSource": "aws:sns"},
                                                      {"EventSource": "aws:sns"}]})"))
            .error_message == "3 records, at most 2 of one event are taken");
}

}  // namespace
}  // namespace textlambda::events
