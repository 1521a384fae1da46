// What carries its data in base64: Kinesis, Firehose, Kafka, MQ brokers, CloudWatch Logs.
#include <string>

#include "tests/catch.h"
#include "tests/events/contract.h"

namespace textlambda::events {
namespace {

using nlohmann::json;

const std::string kGood = base64("good");
const std::string kBad = base64("bad");

json kinesis_record(const json& sequence, const json& data) {
  return {{"eventSource", "aws:kinesis"},
          {"eventID", "shardId-000000000006:" + (sequence.is_string() ? sequence.get<std::string>() : "?")},
          {"kinesis", {{"partitionKey", "1"}, {"sequenceNumber", sequence}, {"data", data}}}};
}

std::string kinesis(const std::vector<std::pair<json, json>>& records, json event = json::object()) {
  event["Records"] = json::array();
  for (const auto& [sequence, data] : records) event["Records"].push_back(kinesis_record(sequence, data));
  return event.dump();
}

// Lines of a log as CloudWatch sends them.
std::string log_batch(const std::vector<std::string>& lines, const std::string& type = "DATA_MESSAGE") {
  json batch = {{"messageType", type},  {"owner", "123456789012"},        {"logGroup", "/app"},
                {"logStream", "web-1"}, {"subscriptionFilters", {"all"}}, {"logEvents", json::array()}};
  for (const std::string& line : lines) {
    batch["logEvents"].push_back(
        {{"id", std::to_string(batch["logEvents"].size())}, {"timestamp", 17}, {"message", line}});
  }
  return batch.dump();
}

TEST_CASE("Kinesis: failures by sequence number") {
  check_contract({
      {"all good", Source::kinesis, kinesis({{"495", kGood}, {"496", base64(R"({"text": "bad"})")}}),
       R"({"batchItemFailures": []})"},
      {"no base64", Source::kinesis, kinesis({{"495", kGood}, {"496", "Z29v?A=="}, {"497", kBad}}),
       R"({"batchItemFailures": [{"itemIdentifier": "496"}]})"},
      {"no data, empty data, data that is no string", Source::kinesis,
       kinesis({{"1", nullptr}, {"2", ""}, {"3", 4}, {"4", kGood}}),
       R"({"batchItemFailures": [{"itemIdentifier": "1"}, {"itemIdentifier": "2"}, {"itemIdentifier": "3"}]})"},
      {"packed", Source::kinesis, kinesis({{"1", base64(gzipped("good"))}}), R"({"batchItemFailures": []})"},
      {"damaged gzip", Source::kinesis, kinesis({{"1", base64("\x1F\x8B nonsense")}}),
       R"({"batchItemFailures": [{"itemIdentifier": "1"}]})"},
      {"no sequence number, done", Source::kinesis, kinesis({{nullptr, kGood}}), R"({"batchItemFailures": []})"},
      {"no sequence number, failed", Source::kinesis, kinesis({{nullptr, "?"}}), R"("UnnamedRecord")"},
  });
}

TEST_CASE("Kinesis: a tumbling window hands its state on") {
  const json window = {{"window", {{"start", "2026-05-01T12:00:00Z"}, {"end", "2026-05-01T12:02:00Z"}}},
                       {"eventSourceARN", "arn:aws:kinesis:us-east-1:123456789012:stream/reviews"},
                       {"shardId", "shardId-000000000006"},
                       {"isFinalInvokeForWindow", false},
                       {"isWindowTerminatedEarly", false}};
  json later = window;
  later["state"] = json::parse(R"({"records": 10, "abstained": 1, "labels": {"good": 6, "bad": 4, "gone": 9}})");
  json damaged = window;
  damaged["state"] = json::parse(R"({"records": -1, "abstained": "x", "labels": {"good": 1.5, "bad": [1]}})");
  json last = later;
  last["isFinalInvokeForWindow"] = true;
  check_contract({
      {"first", Source::kinesis, kinesis({{"1", kGood}, {"2", kGood}, {"3", kBad}}, window),
       R"({"state": {"records": 3, "abstained": 0, "labels": {"good": 2, "bad": 1}}, "batchItemFailures": []})"},
      {"later", Source::kinesis, kinesis({{"4", kGood}}, later),
       R"({"state": {"records": 11, "abstained": 1, "labels": {"good": 7, "bad": 4}}, "batchItemFailures": []})"},
      // From the failed record on the stream comes again: only what stands before it is counted.
      {"a failure", Source::kinesis, kinesis({{"4", kGood}, {"5", "?"}, {"6", kBad}}, window),
       R"({"state": {"records": 1, "abstained": 0, "labels": {"good": 1}},
           "batchItemFailures": [{"itemIdentifier": "5"}]})"},
      {"a state that nobody vouches for", Source::kinesis, kinesis({{"4", kGood}}, damaged),
       R"({"state": {"records": 1, "abstained": 0, "labels": {"good": 1}}, "batchItemFailures": []})"},
      {"the last, without records", Source::kinesis, kinesis({}, last),
       R"({"state": {"records": 10, "abstained": 1, "labels": {"good": 6, "bad": 4}}, "batchItemFailures": []})"},
  });
}

TEST_CASE("EventBridge Pipes: a bare array of records, named as the pipe names them") {
  json flat = {{"eventSource", "aws:kinesis"}, {"eventID", "shardId-0:7"}, {"sequenceNumber", "7"}, {"data", "?"}};
  json flat_without_id = {{"eventSource", "aws:kinesis"}, {"sequenceNumber", "8"}, {"data", "?"}};
  json fine = {{"eventSource", "aws:kinesis"}, {"eventID", "shardId-0:9"}, {"sequenceNumber", "9"}, {"data", kGood}};
  check_contract({
      {"SQS", Source::sqs,
       R"([{"messageId": "a", "body": "good", "eventSource": "aws:sqs"},
           {"messageId": "b", "body": "", "eventSource": "aws:sqs"}])",
       R"({"batchItemFailures": [{"itemIdentifier": "b"}]})"},
      {"Kinesis", Source::kinesis, json{flat, flat_without_id, fine}.dump(),
       R"({"batchItemFailures": [{"itemIdentifier": "shardId-0:7"}, {"itemIdentifier": "8"}]})"},
      {"DynamoDB", Source::dynamodb,
       R"([{"eventSource": "aws:dynamodb", "eventID": "e1", "eventName": "INSERT",
            "dynamodb": {"SequenceNumber": "111"}}])",
       R"({"batchItemFailures": [{"itemIdentifier": "e1"}]})"},
      {"Kafka", Source::kafka,
       R"([{"eventSource": "aws:kafka", "topic": "orders", "partition": 3, "offset": 15, "value": "?"},
           {"eventSource": "aws:kafka", "topic": "orders", "partition": 3, "offset": 16, "value": ")" +
           kGood + R"("}])",
       R"({"batchItemFailures": [{"itemIdentifier": {"partition": "orders-3", "offset": 15}}]})"},
      {"ActiveMQ", Source::activemq, R"([{"eventSource": "aws:amq", "messageID": "m", "data": ")" + kGood + R"("}])",
       R"({"records": [{"id": "m", "$": "good"}]})"},
      {"RabbitMQ", Source::rabbitmq,
       R"([{"eventSource": "aws:rmq", "basicProperties": {"messageId": "r"}, "data": ")" + kBad + R"("}])",
       R"({"records": [{"id": "r", "$": "bad"}]})"},
  });
}

TEST_CASE("Kafka: failures by partition and offset") {
  const auto kafka = [](const json& partitions, const std::string& source = "aws:kafka") {
    return json{{"eventSource", source}, {"bootstrapServers", "b-1:9092"}, {"records", partitions}}.dump();
  };
  const auto record = [](const json& offset, const json& value) {
    return json{{"topic", "orders"}, {"partition", 0}, {"offset", offset}, {"value", value}};
  };
  check_contract({
      {"MSK", Source::kafka,
       kafka({{"orders-0", {record(15, kGood), record(16, "?")}}, {"orders-1", {record(2, kBad)}}}),
       R"({"batchItemFailures": [{"itemIdentifier": {"partition": "orders-0", "offset": 16}}]})"},
      {"self-managed", Source::kafka, kafka({{"orders-1", {record(0, "!")}}}, "SelfManagedKafka"),
       R"({"batchItemFailures": [{"itemIdentifier": {"partition": "orders-1", "offset": 0}}]})"},
      {"a large offset", Source::kafka, kafka({{"o-0", {record(9223372036854775807, "!")}}}),
       R"({"batchItemFailures": [{"itemIdentifier": {"partition": "o-0", "offset": 9223372036854775807}}]})"},
      {"self-managed, spelled another way", Source::kafka,
       kafka({{"orders-1", {record(0, "!")}}}, "aws:SelfManagedKafka"),
       R"({"batchItemFailures": [{"itemIdentifier": {"partition": "orders-1", "offset": 0}}]})"},
      {"a tombstone", Source::kafka, kafka({{"o-0", {record(1, nullptr)}}}), R"({"batchItemFailures": []})"},
      // As Lambda really writes it.
      {"a tombstone without the member", Source::kafka,
       kafka(
           {{"o-0", {{{"topic", "o"}, {"partition", 0}, {"offset", 7}, {"key", "dC0x"}, {"headers", json::array()}}}}}),
       R"({"batchItemFailures": []})"},
      {"an empty value", Source::kafka, kafka({{"o-0", {record(1, "")}}}), R"({"batchItemFailures": []})"},
      {"a blank value", Source::kafka, kafka({{"o-0", {record(1, base64(" "))}}}),
       R"({"batchItemFailures": [{"itemIdentifier": {"partition": "o-0", "offset": 1}}]})"},
      {"a value that is no string", Source::kafka, kafka({{"o-0", {record(1, 5)}}}),
       R"({"batchItemFailures": [{"itemIdentifier": {"partition": "o-0", "offset": 1}}]})"},
      {"no offset", Source::kafka, kafka({{"o-0", {record("x", "!")}}}), R"("UnnamedRecord")"},
      {"an offset below 0", Source::kafka, kafka({{"o-0", {record(-1, "!")}}}), R"("UnnamedRecord")"},
      {"an offset beyond 63 bits", Source::kafka, kafka({{"o-0", {record(9223372036854775808U, "!")}}}),
       R"("UnnamedRecord")"},
      {"no array", Source::kafka, kafka({{"o-0", 7}}), R"("UnnamedRecord")"},
      {"no records", Source::kafka, kafka(json::object()), R"({"batchItemFailures": []})"},
  });
}

TEST_CASE("Firehose: every record comes back once, in order") {
  const auto firehose = [](const std::vector<std::pair<json, json>>& records) {
    json event = {{"invocationId", "i"},
                  {"deliveryStreamArn", "arn:aws:firehose:us-east-1:123456789012:deliverystream/d"},
                  {"region", "us-east-1"},
                  {"records", json::array()}};
    for (const auto& [id, data] : records) event["records"].push_back({{"recordId", id}, {"data", data}});
    return event.dump();
  };
  const SampleHandler handle;
  const std::string model_id = handle.classifier().file().id();
  // A record of the answer, its data as the lines in it.
  const auto lines_of = [](const json& record) {
    for (std::size_t size = 0;; ++size) {  // by trying: base64 in this direction alone
      REQUIRE(size < 2000);
      if (base64(std::string(size, 'x')).size() == record["data"].get<std::string>().size()) break;
    }
    std::string bits;
    for (const char digit : record["data"].get<std::string>()) {
      if (digit == '=') break;
      const std::size_t value =
          std::string("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/").find(digit);
      for (int bit = 5; bit >= 0; --bit) bits += (value >> bit & 1) != 0 ? '1' : '0';
    }
    std::string text;
    for (std::size_t at = 0; at + 8 <= bits.size(); at += 8) {
      text += static_cast<char>(std::stoul(bits.substr(at, 8), nullptr, 2));
    }
    REQUIRE(text.ends_with('\n'));
    json lines = json::array();
    std::size_t begin = 0;
    while (begin < text.size()) {
      const std::size_t end = text.find('\n', begin);
      lines.push_back(rounded(json::parse(text.substr(begin, end - begin))));
      begin = end + 1;
    }
    return lines;
  };
  const auto expected = [&](const std::string& lines) { return rounded(expanded(json::parse(lines), model_id)); };

  const json answer =
      handle.respond(firehose({{"r1", kGood},
                               {"r2", base64("{\n  \"id\": 7,\n  \"text\": \"bad\"\n}")},
                               {"r3", "?"},
                               {"r4", base64(gzipped(log_batch({"good", "\n", R"({"message": "bad"})"})))},
                               {"r5", base64(gzipped(log_batch({"CWL CONTROL MESSAGE"}, "CONTROL_MESSAGE")))},
                               {"r6", base64("\xFFgood")},
                               {"r7", nullptr}}));
  const json& records = answer["records"];
  REQUIRE(records.size() == 7);
  for (std::size_t i = 0; i < 7; ++i) CHECK(records[i]["recordId"] == "r" + std::to_string(i + 1));
  CHECK(records[0]["result"] == "Ok");
  CHECK(lines_of(records[0]) == expected(R"([{"record": "good", "$": "good"}])"));
  CHECK(lines_of(records[1]) == expected(R"([{"record": {"id": 7, "text": "bad"}, "$": "bad"}])"));
  CHECK(records[2] == json{{"recordId", "r3"}, {"result", "ProcessingFailed"}, {"data", "?"}});
  CHECK(lines_of(records[3]) == expected(R"([{"record": "good", "$": "good"}, {"record": "bad", "$": "bad"}])"));
  CHECK(records[4]["result"] == "Dropped");
  CHECK(lines_of(records[5]) == expected("[{\"record\": \"\xEF\xBF\xBDgood\", \"$\": \"good\"}]"));
  CHECK(records[6] == json{{"recordId", "r7"}, {"result", "ProcessingFailed"}, {"data", ""}});

  check_contract({
      {"none", Source::firehose, firehose({}), R"({"records": []})"},
      // Firehose wants every record back by its id.
      {"no recordId", Source::firehose, firehose({{"r1", kGood}, {nullptr, kGood}}), R"("UnnamedRecord")"},
  });
}

TEST_CASE("Firehose: told by what it wants back; Kafka's data under its own name") {
  const std::string record = R"([{"recordId": "r1", "approximateArrivalTimestamp": 1, "data": "?"}])";
  const std::string failed = R"({"records": [{"recordId": "r1", "result": "ProcessingFailed", "data": "?"}]})";
  const std::string kafka_metadata = R"("mskRecordMetadata": {"offset": "0", "partitionId": "1"})";
  check_contract({
      {"AWS's own samples", Source::firehose,
       R"({"invocationId": "i", "deliverySteamArn": "arn", "region": "r", "records": )" + record + "}", failed},
      {"analytics, before it reads a stream", Source::firehose,
       R"({"invocationId": "i", "applicationArn": "arn", "streamArn": "arn", "records": )" + record + "}", failed},
      {"no ARN at all", Source::firehose, R"({"invocationId": "i", "records": )" + record + "}", failed},
      {"from Kafka", Source::firehose,
       R"({"invocationId": "i", "sourceMSKArn": "arn", "deliveryStreamArn": "arn", "region": "r", "records": [
            {"recordId": "r1", "kafkaRecordValue": "?", )" +
           kafka_metadata + R"(}, {"recordId": "r2", )" + kafka_metadata +
           R"(}, {"recordId": "r3", "kafkaRecordValue": null}, {"recordId": "r4", "data": 7}]})",
       R"({"records": [{"recordId": "r1", "result": "ProcessingFailed", "kafkaRecordValue": "?"},
                       {"recordId": "r2", "result": "Dropped", "kafkaRecordValue": ""},
                       {"recordId": "r3", "result": "Dropped", "kafkaRecordValue": ""},
                       {"recordId": "r4", "result": "ProcessingFailed", "data": ""}]})"},
  });
  const json answer = SampleHandler().respond(
      json{{"deliveryStreamArn", "arn"},
           {"records", {{{"recordId", "r1"}, {"kafkaRecordValue", base64(R"({"text": "good"})")}}}}}
          .dump());
  const json& first = answer["records"][0];
  CHECK(first["result"] == "Ok");
  CHECK_FALSE(first.contains("data"));
  // A whole number of groups of three bytes, behind which base64 depends on nothing.
  const std::string begin = base64(R"({"record":{"text":"good"},"label":"good",")");
  CHECK(first["kafkaRecordValue"].get<std::string>().substr(0, begin.size()) == begin);
}

TEST_CASE("Firehose: the record stays as it came, but on one line") {
  const std::string record = "{\"text\": \"good\",\n \"id\": 12345678901234567890123, \"a\": 1.10}";
  const json event = {{"deliveryStreamArn", "arn"}, {"records", {{{"recordId", "r"}, {"data", base64(record)}}}}};
  const json answer = SampleHandler().respond(event.dump());
  const std::string line =
      R"({"record":{"text":"good","id":12345678901234567890123,"a":1.10},"label":"good","confidence":)";
  // Base64 of whole groups of three bytes is the same whatever follows.
  const std::string begin = base64(line.substr(0, line.size() / 3 * 3));
  CHECK(answer["records"][0]["data"].get<std::string>().substr(0, begin.size()) == begin);
}

TEST_CASE("Firehose: what has no room in the answer is left to Firehose") {
  json event = {{"deliveryStreamArn", "arn"}, {"records", json::array()}};
  for (int i = 0; i < 100; ++i) event["records"].push_back({{"recordId", std::to_string(i)}, {"data", kGood}});
  HandlerOptions options;
  options.limits.answer_bytes = 10000;
  const SampleHandler handle(options);
  const Answer answer = handle(event.dump());
  CHECK(answer.body.size() <= 10000);
  const json records = json::parse(answer.body)["records"];
  REQUIRE(records.size() == 100);
  CHECK(records[0]["result"] == "Ok");
  CHECK(records[99] == json{{"recordId", "99"}, {"result", "ProcessingFailed"}});
  CHECK(answer.records[0].ok);
  CHECK_FALSE(answer.records[99].ok);
}

TEST_CASE("MQ brokers: nothing is asked for, so the classifications") {
  check_contract({
      {"ActiveMQ", Source::activemq,
       R"({"eventSource": "aws:mq", "eventSourceArn": "arn", "messages": [
            {"messageID": "ID:b-1", "messageType": "jms/text-message", "data": ")" +
           kGood + R"("},
            {"messageID": "ID:b-2", "messageType": "jms/text-message", "data": "?"}]})",
       R"({"records": [{"id": "ID:b-1", "$": "good"},
                       {"id": "ID:b-2", "error": "not valid base64: \"?\" at byte 1"}]})"},
      {"RabbitMQ", Source::rabbitmq,
       R"({"eventSource": "aws:rmq", "eventSourceArn": "arn", "rmqMessagesByQueue": {"pizza::/": [
            {"basicProperties": {"messageId": null, "contentType": "text/plain"}, "redelivered": false, "data": ")" +
           kBad + R"("}]}})",
       R"({"records": [{"$": "bad"}]})"},
      // Failing is the one way to have them handed over again.
      {"all failed", Source::activemq, R"({"eventSource": "aws:mq", "messages": [{"messageID": "a", "data": ""}]})",
       R"("NoText")"},
  });
}

TEST_CASE("CloudWatch Logs: a record a line") {
  const auto logs = [](const std::string& data) { return json{{"awslogs", {{"data", data}}}}.dump(); };
  check_contract({
      {"lines", Source::cloudwatch_logs,
       logs(base64(gzipped(log_batch({"good", "  ", R"({"level": 3, "message": "bad"})"})))),
       R"({"records": [{"id": "0", "$": "good"}, {"id": "1", "skipped": "a blank line"}, {"id": "2", "$": "bad"}]})"},
      // Packed by another program: python3's gzip.
      {"foreign gzip", Source::cloudwatch_logs,
       logs("H4sIAAAAAAACA32Oyw6CMBBFf4XMGqPFNzsS0ZUr3FliikxIk9I2bZEYwr9LUaNunOU5c+"
            "9MBzVayyo83TVCHMAuOSWXY5plySGFMADVSjRekGi+"
            "WK7Wm+2MRF4IVR2MarR3U6b1i2XOIKs9bLGYEE9tU9ir4dpxJfdcODR28GdgQkD+TKU3lG6kHfByPOeTjg/fOVb7I2Q9+8zgXn/"
            "73UqpEvoweGejf1"
            "nym+0oCLyhoBBTaJmRFEL6XhhhwUoK/Xf//F9/9NtPJfR5/wBexp38ZwEAAA=="),
       R"({"records": [{"id": "1", "$": "good"}, {"id": "2", "$": "bad"}, {"id": "3", "skipped": "a blank line"}]})"},
      {"control message", Source::cloudwatch_logs,
       logs(base64(gzipped(log_batch({"CWL CONTROL MESSAGE"}, "CONTROL_MESSAGE")))),
       R"({"records": [{"skipped": "a control message"}]})"},
      {"other content", Source::cloudwatch_logs, logs(base64(gzipped("good"))), R"({"records": [{"$": "good"}]})"},
      // python3's zlib in place of gzip.
      {"zlib", Source::cloudwatch_logs,
       logs("eJxdjssKgzAQRX8lzNqNLrsTmrrqKu6KlFinIWAeJKOliP/exNpCu7znHu7MAgZjlArbp0c4MDjWbX09cyHqhkPBwD0shlyUOY1ONcFN"
            "PgO1A0EBpckkZhKnPt6C9qSdPemRMMTUXeAO3dvnM1ra2AJ6+E6TTp+QNHm7THn/a7vk3ABrwT5+9e9Xv34vk96tL6kPQhI="),
       R"({"records": [{"id": "1", "$": "good"}, {"id": "2", "$": "bad"}]})"},
      {"damaged zlib", Source::cloudwatch_logs, logs(base64(zlib_packed(log_batch({"good"})).substr(0, 60))),
       R"("InvalidEvent")"},
      {"an image", Source::cloudwatch_logs, logs(base64("\x89PNG\r\n\x1A\n good")), R"("InvalidEvent")"},
      {"not base64", Source::cloudwatch_logs, logs("*"), R"("InvalidEvent")"},
      {"cut off", Source::cloudwatch_logs, logs(base64(gzipped(log_batch({"good"})).substr(0, 60))),
       R"("InvalidEvent")"},
      {"no data", Source::cloudwatch_logs, R"({"awslogs": {}})", R"("InvalidEvent")"},
  });
}

}  // namespace
}  // namespace textlambda::events
