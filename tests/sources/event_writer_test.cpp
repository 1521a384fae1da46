// Events are what the function's side of the library takes them for, and what AWS's pages show.
#include "textlambda/sources/event_writer.h"

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "textlambda/events/recognition.h"
#include "textlambda/events/service_side.h"
#include "textlambda/sources/asynchronous_events.h"
#include "textlambda/sources/sqs_queue.h"
#include "textlambda/sources/stream.h"

#include "tests/catch.h"
#include "tests/sources/hand_run.h"

namespace textlambda::sources {
namespace {

using nlohmann::json;

json event_of(EventSource& source, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) source.feed(static_cast<Item>(i), kStart);
  Batch batch;
  REQUIRE(source.poll(kStart + 12 * kMillisecond, batch));
  REQUIRE(batch.deliveries.size() == count);
  std::string event;
  source.write_event(batch, kStart + 12 * kMillisecond, event);
  return json::parse(event);
}

// The event is of that service, and its records have the ids that answers name.
void check_recognised(const json& event, events::Source source, const std::vector<std::string>& ids) {
  CHECK(events::source_name(events::recognise(event).source) == events::source_name(source));
  const auto records = events::reported_records(source, event, json::object());
  REQUIRE(records.size() == ids.size());
  for (std::size_t i = 0; i < ids.size(); ++i) CHECK(records[i].id == ids[i]);
}

TEST_CASE("an event of a queue") {
  Messages messages = letters(2);
  messages[0].id = "059f36b4-87a3-44ab-83d2-661975830a7d";
  messages[0].body = "Test message.";
  messages[1].body = "quoted \"text\"\n\xE2\x82\xAC";
  messages[1].attributes = R"({"kind":{"dataType":"String","stringValue":"note"}})";
  SqsQueue queue({}, messages);
  const json event = event_of(queue, 2);
  check_recognised(event, events::Source::sqs, {messages[0].id, messages[1].id});
  // https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html has this body and its digest.
  const json& first = event["Records"][0];
  CHECK(first["body"] == "Test message.");
  CHECK(first["md5OfBody"] == "e4e68fb7bd0e697a0ae8f1bb342846b3");
  CHECK(first["attributes"] == json({{"ApproximateReceiveCount", "1"},
                                     {"SentTimestamp", "1767312000000"},
                                     {"SenderId", "AIDAIENQZJOLO23YVJ4VO"},
                                     {"ApproximateFirstReceiveTimestamp", "1767312000012"}}));
  CHECK(first["messageAttributes"] == json::object());
  CHECK(first["eventSource"] == "aws:sqs");
  CHECK(first["eventSourceARN"] == "arn:aws:sqs:us-east-1:123456789012:messages");
  CHECK(first["awsRegion"] == "us-east-1");
  CHECK(first["receiptHandle"].get<std::string>().starts_with("AQEB"));
  CHECK(first.size() == 9);
  const json& second = event["Records"][1];
  CHECK(second["body"] == messages[1].body);
  CHECK(second["messageAttributes"]["kind"]["stringValue"] == "note");
  CHECK(second["receiptHandle"] != first["receiptHandle"]);
}

TEST_CASE("a receive has a receipt of its own, and a FIFO queue its group and sequence number") {
  const Messages messages = letters(1, {"customer-7"});
  SqsOptions options;
  options.fifo = true;
  options.queue = "orders.fifo";
  SqsQueue queue(options, messages);
  const json first = event_of(queue, 1)["Records"][0];
  CHECK(first["attributes"]["MessageGroupId"] == "customer-7");
  CHECK(first["attributes"]["SequenceNumber"].get<std::string>().size() == 20);
  // printf 'body of a' | sha256sum
  CHECK(first["attributes"]["MessageDeduplicationId"] ==
        "6d34c9fe33a11b309fc59bffdb3de82b537b2078b4fcbde12c25abbe7e9d3b28");
  CHECK(first["eventSourceARN"] == "arn:aws:sqs:us-east-1:123456789012:orders.fifo");
  Batch batch;
  REQUIRE(queue.poll(kStart + 60 * kSecond, batch));
  std::string event;
  queue.write_event(batch, kStart + 60 * kSecond, event);
  const json second = json::parse(event)["Records"][0];
  CHECK(second["attributes"]["ApproximateReceiveCount"] == "2");
  CHECK(second["attributes"]["ApproximateFirstReceiveTimestamp"] ==
        first["attributes"]["ApproximateFirstReceiveTimestamp"]);
  CHECK(second["receiptHandle"] != first["receiptHandle"]);
  CHECK(second["messageId"] == first["messageId"]);
}

TEST_CASE("an event of Kinesis") {
  Messages messages = letters(1, {"1"});
  messages[0].id = "49590338271490256608559692538361571095921575989136588898";
  messages[0].body = "Hello, this is a test.";
  Stream stream({}, messages);
  const json event = event_of(stream, 1);
  check_recognised(event, events::Source::kinesis, {messages[0].id});
  // https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html
  const json expected = {{"kinesis",
                          {{"kinesisSchemaVersion", "1.0"},
                           {"partitionKey", "1"},
                           {"sequenceNumber", "49590338271490256608559692538361571095921575989136588898"},
                           {"data", "SGVsbG8sIHRoaXMgaXMgYSB0ZXN0Lg=="},
                           {"approximateArrivalTimestamp", 1767312000.0}}},
                         {"eventSource", "aws:kinesis"},
                         {"eventVersion", "1.0"},
                         {"eventID", "shardId-000000000000:49590338271490256608559692538361571095921575989136588898"},
                         {"eventName", "aws:kinesis:record"},
                         {"invokeIdentityArn", "arn:aws:iam::123456789012:role/function"},
                         {"awsRegion", "us-east-1"},
                         {"eventSourceARN", "arn:aws:kinesis:us-east-1:123456789012:stream/messages"}};
  CHECK(event == json({{"Records", {expected}}}));
}

TEST_CASE("an event of DynamoDB") {
  Messages messages = letters(1, {"{}"});
  messages[0].id = "4421584500000000017450439091";
  messages[0].body = R"({"Keys":{"id":{"S":"101"}},"NewImage":{"id":{"S":"101"}}})";
  messages[0].attributes = R"("MODIFY")";
  StreamOptions options;
  options.kind = StreamKind::dynamodb;
  Stream stream(options, messages);
  const json event = event_of(stream, 1);
  check_recognised(event, events::Source::dynamodb, {messages[0].id});
  const json& record = event["Records"][0];
  CHECK(record["eventName"] == "MODIFY");
  CHECK(record["dynamodb"]["SequenceNumber"] == messages[0].id);
  CHECK(record["dynamodb"]["Keys"]["id"]["S"] == "101");
  CHECK(record["eventSourceARN"].get<std::string>().starts_with(
      "arn:aws:dynamodb:us-east-1:123456789012:table/messages/"));
}

TEST_CASE("an event of Kafka") {
  Messages messages(2);
  for (std::size_t i = 0; i < 2; ++i) {
    messages[i].topic = "orders";
    messages[i].partition = 0;
    messages[i].offset = static_cast<std::int64_t>(15 + i);
    messages[i].id = "orders-0:" + std::to_string(15 + i);
    messages[i].body = "Hello";
  }
  messages[1].key = "customer-7";
  messages[1].attributes = R"([{"trace":[97]}])";
  StreamOptions options;
  options.kind = StreamKind::kafka;
  options.stream = "shop";
  Stream stream(options, messages);
  const json event = event_of(stream, 2);
  check_recognised(event, events::Source::kafka, {"orders-0:15", "orders-0:16"});
  CHECK(event["eventSource"] == "aws:kafka");
  CHECK(event["bootstrapServers"] == "b-1.shop.a1b2c3.c1.kafka.us-east-1.amazonaws.com:9092");
  CHECK(event["records"]["orders-0"][0] == json({{"topic", "orders"},
                                                 {"partition", 0},
                                                 {"offset", 15},
                                                 {"timestamp", 1767312000000},
                                                 {"timestampType", "CREATE_TIME"},
                                                 {"value", "SGVsbG8="},
                                                 {"headers", json::array()}}));
  CHECK(event["records"]["orders-0"][1]["key"] == "Y3VzdG9tZXItNw==");
  CHECK(event["records"]["orders-0"][1]["headers"][0]["trace"][0] == 97);
}

TEST_CASE("an event of a schedule") {
  const json event = json::parse(scheduled_event("arn:aws:events:us-east-1:123456789012:rule/nightly", "us-east-1",
                                                 "123456789012", 1767357907000));
  CHECK(events::recognise(event).source == events::Source::scheduled);
  CHECK(event["time"] == "2026-01-02T12:45:07Z");
  CHECK(event["id"].get<std::string>().size() == 36);
  CHECK(event["resources"] == json({"arn:aws:events:us-east-1:123456789012:rule/nightly"}));
  CHECK(event["detail"] == json::object());
}

TEST_CASE("the digest of message attributes") {
  // import hashlib, struct; p = lambda b: struct.pack(">I", len(b)) + b
  // hashlib.md5(p(b"bin") + p(b"Binary") + b"\2" + p(b"\0\1") + p(b"kind") + p(b"String") + b"\1" + p(b"note"))
  CHECK(md5_of_attributes(R"({"kind":{"dataType":"String","stringValue":"note"},
                             "bin":{"dataType":"Binary","binaryValue":"AAE="}})") ==
        "569b6dcb06f8c5641abc11eca652af5a");
  CHECK(md5_of_attributes("{}") == "");
  CHECK(md5_of_attributes("") == "");
  CHECK(md5_of_attributes(R"({"kind":5})") == "");
}

}  // namespace
}  // namespace textlambda::sources
