// The end of an invocation's time: what is left of a batch is named as failed, where the source hands it over again.
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "tests/catch.h"
#include "tests/encoding/reference.h"
#include "tests/lambda/sample_handler.h"

namespace textlambda::lambda {
namespace {

using encoding::base64;
using nlohmann::json;

constexpr std::int64_t kBegin = 1700000000000;
constexpr std::int64_t kStep = 10;
constexpr std::int64_t kMargin = 500;

// A clock that goes on by kStep each time it is read, a margin of kMargin.
HandlerOptions with_clock() {
  HandlerOptions options;
  options.epoch_ms = [now = kBegin]() mutable { return now += kStep; };
  options.deadline_margin_ms = kMargin;
  return options;
}

// The first reading belongs to the invocation, one to each text after it.
std::int64_t time_for(std::int64_t texts) { return kBegin + kStep * (texts + 1) + kStep / 2 + kMargin; }

Answer answer_to(const SampleHandler& handle, const std::string& event, std::int64_t deadline_ms) {
  model::Scratch scratch;
  Invocation invocation;
  invocation.event = event;
  invocation.deadline_ms = deadline_ms;
  return handle.handler().handle(invocation, scratch);
}

const std::string kSqs = R"({"Records": [{"eventSource": "aws:sqs", "messageId": "a", "body": "good"},
                                         {"eventSource": "aws:sqs", "messageId": "b", "body": "bad"},
                                         {"eventSource": "aws:sqs", "messageId": "c", "body": "good"}]})";

std::string kinesis(const std::vector<std::string>& contents, const json& more = json::object()) {
  json event = more;
  for (std::size_t i = 0; i < contents.size(); ++i) {
    event["Records"].push_back({{"eventSource", "aws:kinesis"},
                                {"kinesis", {{"sequenceNumber", std::to_string(i)}, {"data", base64(contents[i])}}}});
  }
  return event.dump();
}

const std::string kLogLines = R"({"messageType": "DATA_MESSAGE", "logGroup": "g", "logStream": "s", "owner": "1",
    "logEvents": [{"id": "0", "timestamp": 1, "message": "good"}, {"id": "1", "timestamp": 2, "message": "bad"}]})";

const std::string kTable = R"({"Records": [
    {"eventSource": "aws:dynamodb", "eventName": "INSERT", "dynamodb": {"SequenceNumber": "1", "Keys": {"id": {"N": "1"}},
      "NewImage": {"id": {"N": "1"}, "text": {"S": "good"}}}},
    {"eventSource": "aws:dynamodb", "eventName": "INSERT", "dynamodb": {"SequenceNumber": "2", "Keys": {"id": {"N": "2"}},
      "NewImage": {"id": {"N": "2"}, "text": {"S": "bad"}}}},
    {"eventSource": "aws:dynamodb", "eventName": "REMOVE", "dynamodb": {"SequenceNumber": "3",
      "Keys": {"id": {"N": "3"}}}}]})";

std::string kafka() {
  return json{{"eventSource", "aws:kafka"},
              {"records",
               {{"t-0",
                 {{{"topic", "t"}, {"partition", 0}, {"offset", 7}, {"value", base64("good")}},
                  {{"topic", "t"}, {"partition", 0}, {"offset", 8}, {"value", base64("bad")}}}}}}}
      .dump();
}

TEST_CASE("batches that come again stop at the deadline") {
  const struct {
    std::string name;
    std::string event;
    std::int64_t texts;  // that there is time for
    std::string answer;
  } cases[] = {
      {"SQS, time enough", kSqs, 3, R"({"batchItemFailures": []})"},
      {"SQS, for all but one", kSqs, 2, R"({"batchItemFailures": [{"itemIdentifier": "c"}]})"},
      {"SQS, for one", kSqs, 1, R"({"batchItemFailures": [{"itemIdentifier": "b"}, {"itemIdentifier": "c"}]})"},
      {"SQS, for none", kSqs, 0,
       R"({"batchItemFailures": [{"itemIdentifier": "a"}, {"itemIdentifier": "b"}, {"itemIdentifier": "c"}]})"},
      {"SQS, a record that cannot be named", R"({"Records": [{"eventSource": "aws:sqs", "body": "good"}]})", 0,
       R"("UnnamedRecord")"},
      {"SQS, a blank one fails as ever",
       R"({"Records": [{"eventSource": "aws:sqs", "messageId": "a", "body": "good"},
                       {"eventSource": "aws:sqs", "messageId": "b", "body": " "}]})",
       1, R"({"batchItemFailures": [{"itemIdentifier": "b"}]})"},
      {"Kinesis", kinesis({"good", "bad", "good"}), 1,
       R"({"batchItemFailures": [{"itemIdentifier": "1"}, {"itemIdentifier": "2"}]})"},
      // Half a record is none.
      {"Kinesis, within a record", kinesis({"good", kLogLines, "bad"}), 2,
       R"({"batchItemFailures": [{"itemIdentifier": "1"}, {"itemIdentifier": "2"}]})"},
      // Only what stands before the first failed record is counted: the others come again.
      {"Kinesis, in a window",
       kinesis({"good", "bad", "good"}, {{"window", {{"start", "s"}, {"end", "e"}}}, {"state", json::object()}}), 1,
       R"({"state": {"records": 1, "abstained": 0, "labels": {"good": 1}},
           "batchItemFailures": [{"itemIdentifier": "1"}, {"itemIdentifier": "2"}]})"},
      // The removed item asks for no time.
      {"DynamoDB", kTable, 1, R"({"batchItemFailures": [{"itemIdentifier": "2"}]})"},
      {"Kafka", kafka(), 1, R"({"batchItemFailures": [{"itemIdentifier": {"partition": "t-0", "offset": 8}}]})"},
      {"SQS from a pipe", json::parse(kSqs)["Records"].dump(), 2,
       R"({"batchItemFailures": [{"itemIdentifier": "c"}]})"},
  };
  for (const auto& given : cases) {
    INFO(given.name);
    const SampleHandler handle(with_clock());
    const Answer answer = answer_to(handle, given.event, time_for(given.texts));
    const json expected = json::parse(given.answer);
    if (expected.is_string()) {
      CHECK(answer.error_type == expected.get<std::string>());
    } else {
      CHECK(json::parse(answer.body) == expected);
    }
  }
}

TEST_CASE("what there was no time for is told from what cannot be classified") {
  const SampleHandler handle(with_clock());
  const Answer answer = answer_to(handle, kSqs, time_for(1));
  REQUIRE(answer.records.size() == 3);
  CHECK(answer.ok);
  CHECK(answer.records[0].label == "good");
  CHECK_FALSE(answer.records[1].ok);
  CHECK(answer.records[1].label.empty());
  CHECK(answer.records[1].error == "not classified: the time of the invocation is over");
}

TEST_CASE("deadlines that mean nothing stop nothing") {
  const struct {
    std::string name;
    std::int64_t deadline_ms;
    std::size_t failed;
  } cases[] = {
      {"none", 0, 0},
      {"the end of time", std::numeric_limits<std::int64_t>::max(), 0},
      {"past when the invocation arrives: another clock", kBegin - 1, 0},
      {"as near as the margin then", kBegin + kStep + kMargin, 0},
      {"a little later", kBegin + kStep + kMargin + 1, 3},
      {"seconds instead of milliseconds", kBegin / 1000, 0},
      {"negative", -1, 0},
  };
  for (const auto& given : cases) {
    INFO(given.name);
    const SampleHandler handle(with_clock());
    CHECK(json::parse(answer_to(handle, kSqs, given.deadline_ms).body)["batchItemFailures"].size() == given.failed);
  }
  const SampleHandler without_clock;
  CHECK(answer_to(without_clock, kSqs, time_for(0)).body == R"({"batchItemFailures":[]})");
}

TEST_CASE("sources that hand nothing over again get all their answers") {
  const std::string good = base64("good");
  const std::vector<std::string> events = {
      R"("good")",
      R"(["good", "bad"])",
      R"({"Records": [{"EventSource": "aws:sns", "Sns": {"MessageId": "n", "Message": "good"}}]})",
      // A record that failed is filed with the failures, never handed over again; an invocation that ran out of time
      // is.
      R"({"deliveryStreamArn": "arn", "records": [{"recordId": "r", "data": ")" + good + R"("}]})",
      R"({"eventSource": "aws:mq", "messages": [{"messageID": "m", "data": ")" + good + R"("}]})",
      R"({"version": "2.0", "requestContext": {"http": {"method": "POST", "path": "/"}}, "headers": {},
          "body": "[\"good\", \"bad\"]", "isBase64Encoded": false})",
  };
  for (const std::string& event : events) {
    INFO(event);
    const SampleHandler handle(with_clock());
    const Answer answer = answer_to(handle, event, time_for(0));
    CHECK(answer.ok);
    CHECK(answer.body == handle(event).body);
    for (const RecordOutcome& record : answer.records) CHECK(record.ok);
  }
}

}  // namespace
}  // namespace textlambda::lambda
