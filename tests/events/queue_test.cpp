// SNS and SQS, and what is wrapped in them.
#include <string>

#include "tests/catch.h"
#include "tests/events/contract.h"

namespace textlambda::events {
namespace {

using nlohmann::json;

std::string sqs(const std::vector<std::pair<json, json>>& messages) {
  json records = json::array();
  for (const auto& [id, body] : messages) {
    json record = {{"eventSource", "aws:sqs"},
                   {"eventSourceARN", "arn:aws:sqs:us-east-2:123456789012:my-queue"},
                   {"awsRegion", "us-east-2"}};
    if (!id.is_null()) record["messageId"] = id;
    if (!body.is_null()) record["body"] = body;
    records.push_back(record);
  }
  return json{{"Records", records}}.dump();
}

std::string sns(const json& message, const std::string& id = "n1") {
  return json{{"Records",
               {{{"EventSource", "aws:sns"},
                 {"EventVersion", "1.0"},
                 {"Sns", {{"Type", "Notification"}, {"MessageId", id}, {"Subject", nullptr}, {"Message", message}}}}}}}
      .dump();
}

// As SNS writes it into a queue that subscribes to a topic without raw delivery.
std::string queue_notification(const std::string& message) {
  return json{{"Type", "Notification"},
              {"MessageId", "0b1c"},
              {"TopicArn", "arn:aws:sns:us-east-2:123456789012:reviews"},
              {"Message", message},
              {"Timestamp", "2026-05-01T12:00:00.000Z"}}
      .dump();
}

const std::string kS3Notice = R"({"Records": [{"eventSource": "aws:s3", "eventName": "ObjectCreated:Put",
    "s3": {"bucket": {"name": "inbox"}, "object": {"key": "2026/my+letter%21.txt", "size": 11}}}]})";
const std::string kS3Place = "s3://inbox/2026/my letter!.txt";

TEST_CASE("SQS: what failed is named, the rest is done") {
  check_contract({
      {"all good", Source::sqs, sqs({{"a", "good"}, {"b", "bad"}}), R"({"batchItemFailures": []})"},
      {"one blank", Source::sqs, sqs({{"a", "good"}, {"b", " \n"}, {"c", "bad"}}),
       R"({"batchItemFailures": [{"itemIdentifier": "b"}]})"},
      {"no body", Source::sqs, sqs({{"a", nullptr}, {"b", "bad"}}),
       R"({"batchItemFailures": [{"itemIdentifier": "a"}]})"},
      {"a body that is no string", Source::sqs, sqs({{"a", 7}}), R"({"batchItemFailures": [{"itemIdentifier": "a"}]})"},
      {"all failed", Source::sqs, sqs({{"a", ""}, {"b", ""}}),
       R"({"batchItemFailures": [{"itemIdentifier": "a"}, {"itemIdentifier": "b"}]})"},
      {"a text that is blank in JSON", Source::sqs, sqs({{"a", R"({"text": " "})"}}),
       R"({"batchItemFailures": [{"itemIdentifier": "a"}]})"},
      {"an id that needs escapes", Source::sqs, sqs({{"a\"\\\n\u00e9", ""}}),
       R"({"batchItemFailures": [{"itemIdentifier": "a\"\\\né"}]})"},
      {"a record without an id that is done", Source::sqs, sqs({{nullptr, "good"}}), R"({"batchItemFailures": []})"},
      // Nothing else tells SQS to hand it over again; the neighbours come again with it.
      {"a record without an id that failed", Source::sqs, sqs({{"a", "good"}, {nullptr, ""}}), R"("UnnamedRecord")"},
      {"an empty id", Source::sqs, sqs({{"", ""}}), R"("UnnamedRecord")"},
      {"an id that is no string", Source::sqs, sqs({{5, ""}}), R"("UnnamedRecord")"},
      {"a record that is no object", Source::sqs,
       R"({"Records": [7, {"messageId": "a", "body": "good", "eventSource": "aws:sqs"}]})", R"("UnnamedRecord")"},
  });
}

TEST_CASE("SQS and SNS: envelopes are opened down to the text") {
  const auto label_of = [](const std::string& event) {
    const SampleHandler handle;
    const Answer answer = handle(event);
    CHECK(answer.ok);
    REQUIRE(answer.records.size() == 1);
    return answer.records[0].skipped ? answer.records[0].note
                                     : std::string(answer.records[0].label) + answer.records[0].error;
  };
  // The sample model calls anything "bad" that has neither of its words.
  const std::string eventbridge =
      R"({"version": "0", "detail-type": "Review", "source": "my.shop", "detail": {"text": "good"}})";
  CHECK(label_of(sqs({{"a", queue_notification("good")}})) == "good");
  CHECK(label_of(sqs({{"a", queue_notification(R"({"message": "good", "bad": "bad"})")}})) == "good");
  CHECK(label_of(sqs({{"a", eventbridge}})) == "good");
  CHECK(label_of(sqs({{"a", queue_notification(eventbridge)}})) == "good");
  CHECK(label_of(sns(eventbridge)) == "good");
  CHECK(label_of(sqs({{"a", kS3Notice}})).starts_with(kS3Place + ": "));
  CHECK(label_of(sns(kS3Notice)).starts_with(kS3Place + ": "));
  CHECK(label_of(sqs({{"a", queue_notification(kS3Notice)}})).starts_with(kS3Place + ": "));
  CHECK(label_of(sqs({{"a", R"({"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "inbox"})"}})) ==
        "a test event of S3");
  CHECK(label_of(sqs({{"a", R"({"detail-type": "Scheduled Event", "source": "aws.events", "detail": {}})"}})) ==
        "a scheduled event has no text");
  CHECK(label_of(sqs({{"a", R"({"detail-type": "Object Created", "source": "aws.s3",
                                "detail": {"bucket": {"name": "inbox"}, "object": {"key": "a b.txt"}}})"}}))
            .starts_with("s3://inbox/a b.txt: "));
  // JSON that is none of these, and text that only looks like it, counts as it stands.
  CHECK(label_of(sqs({{"a", R"({"subject": "good"})"}})) == "good");
  CHECK(label_of(sqs({{"a", R"("good")"}})) == "good");
  CHECK(label_of(sqs({{"a", "{good"}})) == "good");
  CHECK(label_of(sqs({{"a", R"(["good"])"}})) == "good");
  CHECK(label_of(sqs({{"a", R"({"Type": "Notification", "Message": "bad", "text": "good"})"}})) == "good");
}

TEST_CASE("SQS: envelopes end somewhere") {
  std::string body = "good";
  for (int depth = 0; depth < 4; ++depth) body = queue_notification(body);
  const SampleHandler handle;
  CHECK(handle.respond(sqs({{"a", body}})) == json::parse(R"({"batchItemFailures": []})"));
  CHECK(handle.respond(sqs({{"a", queue_notification(body)}})) ==
        json::parse(R"({"batchItemFailures": [{"itemIdentifier": "a"}]})"));
}

TEST_CASE("SNS: the classification with its status, for who reads it") {
  check_contract({
      {"a text", Source::sns, sns("good"),
       R"({"status": "good", "records": [{"id": "n1", "$": "good", "status": "good"}]})"},
      {"JSON", Source::sns, sns(R"({"content": "bad"})"),
       R"({"status": "bad", "records": [{"id": "n1", "$": "bad", "status": "bad"}]})"},
      // The service retries and, in the end, files it with the dead letters.
      {"no text", Source::sns, sns(" "), R"("NoText")"},
      {"no message", Source::sns, sns(nullptr), R"("NoText")"},
      {"one of two", Source::sns,
       R"({"Records": [{"EventSource": "aws:sns", "Sns": {"MessageId": "a", "Message": "good"}},
                       {"EventSource": "aws:sns", "Sns": {"MessageId": "b", "Message": ""}}]})",
       R"({"records": [{"id": "a", "$": "good", "status": "good"}, {"id": "b", "error": "the text is empty"}]})"},
  });
}

}  // namespace
}  // namespace textlambda::events
