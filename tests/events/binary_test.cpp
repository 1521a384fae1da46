// Bytes that are no text never get a label; those that are one beneath something else are uncovered.
#include <string>
#include <string_view>
#include <vector>

#include "textlambda/events/binary_data.h"

#include "tests/catch.h"
#include "tests/events/contract.h"

namespace textlambda::events {
namespace {

using nlohmann::json;
using namespace std::string_literals;

std::string kinesis_binary(const std::string& data) {
  return json{{"Records",
               {{{"eventSource", "aws:kinesis"},
                 {"eventID", "shardId-0:1"},
                 {"kinesis", {{"sequenceNumber", "1"}, {"data", data}}}}}}}
      .dump();
}

std::string sqs_binary(const std::string& body) {
  return json{{"Records", {{{"eventSource", "aws:sqs"}, {"messageId", "m"}, {"body", body}}}}}.dump();
}

// The texts of a record with these bytes, or why there are none.
std::vector<std::string> outcome_of_binary(const std::string& event) {
  static const SampleHandler kHandle;
  const Answer answer = kHandle(event);
  REQUIRE(answer.records.size() >= 1);
  const RecordOutcome& record = answer.records[0];
  if (record.ok && !record.skipped) return kHandle.handler().texts(event);
  CHECK(kHandle.handler().texts(event).empty());
  return {(record.ok ? "skipped: " : "failed: ") + (record.ok ? record.note : record.error)};
}

std::vector<std::string> of_bytes(const std::string& bytes) { return outcome_of_binary(kinesis_binary(base64(bytes))); }

const std::string kText = "I was charged twice this month";  // 30 bytes: 0x1E

TEST_CASE("binary data is told, by its name where it has one") {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"\0\0\0\0\x07\x3C"s + kText + "\x02\x9A\x99\x99\x99\x99\x99\xF1\x3F", "Avro or Protobuf, Confluent wire format"},
      {"\0\0\0\0\x07\0\x0A\x1E"s + kText, "Avro or Protobuf, Confluent wire format"},
      {"\x03\0"s + "0123456789abcdef\x3C" + kText, "Avro or Protobuf, AWS Glue Schema Registry"},
      {"Obj\x01\x04\x14" + kText, "Avro, object container file"},
      {"\xC3\x01"
       "12345678\x3C" +
           kText,
       "Avro, single-object encoding"},
      {"\x0A\x1E" + kText, "Protobuf"},
      {"\x0A\x2A" + kText + " and the last", "no Protobuf: its length is 43"},
      {"\x0A\x2B" + kText + " and the last", "Protobuf"},
      {"\x08\x07\x12\x1E" + kText, "Protobuf"},
      {"\x12\x1E" + kText + "\x18\x05", "Protobuf"},
      {"\x0A\x05order\x12\x02id\x22\x1E" + kText, "Protobuf"},
      {"\x81\xA4text\xBE" + kText, "MessagePack"},
      {"\x89PNG\r\n\x1A\n\0\0\0\rIHDR"s, "PNG"},
      {"\xFF\xD8\xFF\xE0\0\x10JFIF"s, "JPEG"},
      {"GIF89a\x01\0\x01\0"s, "GIF"},
      {"RIFF\x24\0\0\0WEBPVP8 "s, "WebP"},
      {"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n", "PDF"},
      {"PK\x03\x04\x14\0\0\0"s, "ZIP"},
      {"\x28\xB5\x2F\xFD\x04\x00"s, "Zstandard"},
      {"BZh91AY&SY\x01\x02", "bzip2"},
      {"\xFD"
       "7zXZ\0\0"s,
       "xz"},
      {"\x04\x22\x4D\x18\x64", "LZ4"},
      {"\xFF\x06\0\0sNaPpY\x01"s, "Snappy"},
      {"PAR1\x15\x04\x15PAR1", "Parquet"},
      {"\xAC\xED\0\x05t\0\x04good"s, "a Java object, serialised"},
      {"g\0o\0o\0d\0"s, "UTF-16"},
      {"\0g\0o\0o\0d"s, "UTF-16"},
      {"\xFF\xFEg\0o\0"s, "UTF-16"},
      {"\xFE\xFF\0g\0o"s, "UTF-16"},
      {"good\0"s, "control characters"},
      {"\x02good", "control characters"},
      {"\xC4\xE3\xBA\xC3\xA3\xAC\xCA\xC0\xBD\xE7", "no UTF-8"},  // 你好，世界 in GBK
  };
  for (const auto& [bytes, kind] : cases) {
    INFO(kind << ": " << base64(bytes));
    if (kind.starts_with("no Protobuf")) {
      CHECK(binary_kind(bytes).empty());
      continue;
    }
    CHECK(binary_kind(bytes) == kind);
    const std::vector<std::string> reason = {"failed: binary data (" + kind + "), expected text or JSON in UTF-8"};
    CHECK(of_bytes(bytes) == reason);
    CHECK(of_bytes(gzipped(bytes)) == reason);
    CHECK(of_bytes(zlib_packed(bytes)) == reason);
  }
}

TEST_CASE("text is no binary data") {
  for (const std::string& text : {
           "good"s,
           kText,
           "\n"s + kText,
           "\n\n good \n"s,
           "\tgood"s,
           "\r\ngood\r\n"s,
           "\"quoted\" text"s,
           "{good"s,
           "x^2 + y^2"s,
           "x"s,
           "h\x81"s,
           "真的很好吃 \xF0\x9F\x98\x80"s,
           "\xEF\xBB\xBFgood"s,
           "caf\xE9 cr\xE8me, d\xE9j\xE0 vu"s,  // Latin-1
           "\xE9t\xE9"s,
           "\xFFgood"s,
           "\x1B[31mred\x1B[0m \a"s,  // a terminal's
           "8=FIX.4.2\x01"
           "35=D\x01"
           "58=good"s,  // fields kept apart
           "a\x1F"
           "b\x1E"
           "c\x1A"s,
           "PAR1 is a file format"s,
           "RIFF is one, too"s,
           "Objective"s,
           "BZh9 it is"s,
           "PK\tis a magic number"s,
           "MM and II"s,
       }) {
    INFO(base64(text));
    CHECK(binary_kind(text).empty());
    CHECK(outcome_of_binary(kinesis_binary(base64(text))).front().find("failed") == std::string::npos);
  }
  CHECK(binary_kind("").empty());
}

TEST_CASE("every carrier of bytes says that they are none of text") {
  const std::string image = base64("\x89PNG\r\n\x1A\n\0\0\0\rIHDR"s);
  const std::string reason = "binary data (PNG), expected text or JSON in UTF-8";
  check_contract({
      {"Kinesis", Source::kinesis, kinesis_binary(image), R"({"batchItemFailures": [{"itemIdentifier": "1"}]})"},
      {"Kafka", Source::kafka,
       R"({"eventSource": "aws:kafka", "records": {"t-0": [{"offset": 1, "value": ")" + image + R"("}]}})",
       R"({"batchItemFailures": [{"itemIdentifier": {"partition": "t-0", "offset": 1}}]})"},
      {"Firehose", Source::firehose,
       R"({"deliveryStreamArn": "arn", "records": [{"recordId": "r", "data": ")" + image + R"("}]})",
       R"({"records": [{"recordId": "r", "result": "ProcessingFailed", "data": ")" + image + R"("}]})"},
      {"ActiveMQ", Source::activemq,
       R"({"eventSource": "aws:mq", "messages": [{"messageID": "a", "data": ")" + image +
           R"("}, {"messageID": "b", "data": ")" + base64("good") + R"("}]})",
       R"({"records": [{"id": "a", "error": ")" + reason + R"("}, {"id": "b", "$": "good"}]})"},
      {"RabbitMQ", Source::rabbitmq,
       R"({"eventSource": "aws:rmq", "rmqMessagesByQueue": {"q": [{"data": ")" + image + R"("}]}})", R"("NoText")"},
      {"CloudWatch Logs", Source::cloudwatch_logs, R"({"awslogs": {"data": ")" + image + R"("}})", R"("InvalidEvent")"},
      {"SQS", Source::sqs, sqs_binary(image), R"({"batchItemFailures": [{"itemIdentifier": "m"}]})"},
      {"a function URL", Source::function_url,
       R"({"version": "2.0", "requestContext": {"domainName": "a.lambda-url.e.on.aws", "http": {"method": "POST"}},
           "headers": {}, "isBase64Encoded": true, "body": ")" +
           image + R"("})",
       R"({"statusCode": 415, "headers": {"content-type": "application/json"}, "isBase64Encoded": false,
           "body": {"error": "the body is binary data (PNG), only text, JSON and forms are taken"}})"},
  });
}

TEST_CASE("compressed data is unpacked, whatever carries it") {
  for (int level = 0; level <= 9; ++level)
    CHECK(of_bytes(zlib_packed(kText, level)) == std::vector<std::string>{kText});
  CHECK(of_bytes(gzipped(kText)) == std::vector<std::string>{kText});
  CHECK(of_bytes(gzipped(zlib_packed(gzipped(R"({"text": "good"})")))) == std::vector<std::string>{"good"});
  CHECK(of_bytes(zlib_packed(kText).substr(0, 20)) ==
        std::vector<std::string>{"failed: not valid zlib: cut off at byte 20"});
  CHECK(of_bytes(gzipped(kText).substr(0, 20)) ==
        std::vector<std::string>{"failed: not valid gzip: cut off at byte 20"});
  std::string nested = kText;
  for (int i = 0; i < 6; ++i) nested = gzipped(nested);
  CHECK(of_bytes(nested) == std::vector<std::string>{"failed: compressed more than 4 times, one within another"});

  // A queue takes text alone: in base64.
  CHECK(outcome_of_binary(sqs_binary(base64(gzipped(kText)))) == std::vector<std::string>{kText});
  CHECK(outcome_of_binary(sqs_binary(base64(zlib_packed(R"({"text": "good"})")))) == std::vector<std::string>{"good"});
  CHECK(outcome_of_binary(sqs_binary(json{{"body", base64(gzipped(kText))}}.dump())) ==
        std::vector<std::string>{kText});
  CHECK(outcome_of_binary(sqs_binary(base64(gzipped(kText).substr(0, 21)))) ==
        std::vector<std::string>{"failed: not valid gzip: cut off at byte 21"});
  // Base64 of a text is a text, and so is what only begins like compressed data.
  for (const std::string& text : {base64(kText), "H4sI"s, "eJwrong"s, "H4sIAAAAAAAA?"s, base64("x^2 + y^2 = z^2")}) {
    CHECK(outcome_of_binary(sqs_binary(text)) == std::vector<std::string>{text});
  }

  const auto posted = [](const std::string& body, const std::string& coding) {
    json event = {{"version", "2.0"},
                  {"headers", json::object()},
                  {"requestContext", {{"domainName", "a.lambda-url.e.on.aws"}, {"http", {{"method", "POST"}}}}},
                  {"body", base64(body)},
                  {"isBase64Encoded", true}};
    if (!coding.empty()) event["headers"]["Content-Encoding"] = coding;
    const SampleHandler handler;  // a label is a view into its model
    const Answer answer = handler(event.dump());
    return std::to_string(answer.status_code) + " " + std::string(answer.records[0].label);
  };
  CHECK(posted(zlib_packed("good"), "deflate") == "200 good");
  CHECK(posted(zlib_packed("good"), "") == "200 good");
  CHECK(posted(gzipped("good"), "") == "200 good");
  CHECK(posted(gzipped("good"), "identity") == "200 good");
  CHECK(posted(zlib_packed("good").substr(0, 9), "deflate") == "400 ");
  CHECK(posted(gzipped("good").substr(0, 12), "") == "400 ");
}

TEST_CASE("damaged parts cost no more than good ones") {
  // Each unpacks to half of the limit and then fails: only the first few are unpacked as far as that.
  HandlerOptions options;
  options.limits.inflated_bytes = 1000000;
  std::string packed = gzipped("good" + std::string(500000, ' '));
  packed[packed.size() - 5] = static_cast<char>(packed[packed.size() - 5] ^ 1);
  const json damaged = {{"eventSource", "aws:kinesis"},
                        {"kinesis", {{"sequenceNumber", "1"}, {"data", base64(packed)}}}};
  const SampleHandler handle(options);
  const Answer answer = handle(json{{"Records", json(20, damaged)}}.dump());
  REQUIRE(answer.records.size() == 20);
  CHECK(answer.records[0].error == "not valid gzip: incorrect data check");
  CHECK(answer.records[19].error ==
        "not valid gzip within the limits: too many other compressed parts of the event are damaged or too large");
  // Their neighbours are none the worse for it.
  const json good = {{"eventSource", "aws:kinesis"},
                     {"kinesis", {{"sequenceNumber", "2"}, {"data", base64(gzipped("good"))}}}};
  json records = json(20, damaged);
  records.push_back(good);
  CHECK(handle(json{{"Records", records}}.dump()).records[20].label == "good");
  const json bomb = {{"eventSource", "aws:kinesis"},
                     {"kinesis", {{"sequenceNumber", "1"}, {"data", base64(gzipped(std::string(2000000, ' ')))}}}};
  CHECK(handle(json{{"Records", {bomb, good}}}.dump()).records[1].label == "good");
}

TEST_CASE("JSON behind a schema registry's header is read") {
  const std::string body = R"({"text": "good", "x": "bad"})";
  const std::string confluent = "\0\0\0\0\x07"s;
  const std::string glue = "\x03\0"s + "0123456789abcdef";
  CHECK(of_bytes(confluent + body) == std::vector<std::string>{"good"});
  CHECK(of_bytes(glue + body) == std::vector<std::string>{"good"});
  CHECK(of_bytes(confluent + R"({"text": )") ==
        std::vector<std::string>{
            "failed: binary data (Avro or Protobuf, Confluent wire format), expected text or JSON in UTF-8"});
  const json answer = SampleHandler().respond(
      json{{"deliveryStreamArn", "arn"}, {"records", {{{"recordId", "r"}, {"data", base64(confluent + body)}}}}}
          .dump());
  const std::string begin = base64(R"({"record":{"text":"good","x":"bad"},"label":"good","co)");
  CHECK(answer["records"][0]["data"].get<std::string>().substr(0, begin.size()) == begin);
}

TEST_CASE("aggregates of the Kinesis Producer Library are taken apart") {
  // Made by python3 after the library's description of the format.
  const std::string three =
      "84mawgoCcGsKAmsyEgMxMjMaCAgAGgRnb29kGhUIARAAGg97InRleHQiOiAiYmFkIn0aDQgAGglnb29kIGZpbG0UPz1QHUsv0YFMRrjH0nfd";
  const std::string packed =
      "84mawgoCcGsaHAgAGhgfiwgAAAAAAAIDS8/PTwEAkk6EbAQAAAAaDwgAGgt4nEtKTAEAAk8BKG9QycdwF0fb8EKwTm2umFE=";
  const std::string blank = "84mawgoCcGsaCAgAGgRnb29kGgUIABoBIGUSxDkCeKvf8v+jwl/km5w=";
  const std::string none = "84mawgoCcGsd4wmABwNIk3bn4AQ1EvV7";
  const std::string one = "84mawgoCcGsaHQgAGhl7InRleHQiOiAiZ29vZCIsICJpZCI6IDd9s2j82uZubZwgpxFf7LIF9g==";
  const std::string damaged = "84mawgoCcGsaCAgAGgRnb29kmouC2vAAApCYF00v6H8+AA==";
  CHECK(outcome_of_binary(kinesis_binary(three)) == std::vector<std::string>{"good", "bad", "good film"});
  CHECK(outcome_of_binary(kinesis_binary(packed)) == std::vector<std::string>{"good", "bad"});
  CHECK(outcome_of_binary(kinesis_binary(one)) == std::vector<std::string>{"good"});
  CHECK(outcome_of_binary(kinesis_binary(none)) ==
        std::vector<std::string>{"skipped: an aggregate without user records"});
  CHECK(outcome_of_binary(kinesis_binary(blank)) ==
        std::vector<std::string>{"failed: user record 2 of 2: the text is empty"});
  CHECK(outcome_of_binary(kinesis_binary(damaged)) ==
        std::vector<std::string>{"failed: not valid KPL aggregate (Kinesis Producer Library): its checksum is wrong"});
  // One record of the stream, whatever it holds.
  check_contract({
      {"done", Source::kinesis, kinesis_binary(three), R"({"batchItemFailures": []})"},
      {"failed", Source::kinesis, kinesis_binary(blank), R"({"batchItemFailures": [{"itemIdentifier": "1"}]})"},
      {"a pipe's", Source::kinesis,
       R"([{"eventSource": "aws:kinesis", "eventID": "s:1", "sequenceNumber": "1", "data": ")" + damaged + R"("}])",
       R"({"batchItemFailures": [{"itemIdentifier": "s:1"}]})"},
  });
  CHECK(SampleHandler()(kinesis_binary(three)).records.size() == 3);
  const auto firehose = [](const std::string& data) {
    const json answer = SampleHandler().respond(
        json{{"deliveryStreamArn", "arn"}, {"records", {{{"recordId", "r"}, {"data", data}}}}}.dump());
    return answer["records"][0]["data"].get<std::string>();
  };
  const std::string first = base64(R"({"record":"good","label":"good","confidence":0.)");
  CHECK(firehose(three).substr(0, first.size() - 4) == first.substr(0, first.size() - 4));
  const std::string whole = base64(R"({"record":{"text":"good","id":7},"label":"good")");
  CHECK(firehose(one).substr(0, whole.size() - 4) == whole.substr(0, whole.size() - 4));
  HandlerOptions few;
  few.limits.records = 2;
  CHECK(SampleHandler(few)(kinesis_binary(three)).records[0].error ==
        "not valid KPL aggregate (Kinesis Producer Library): more than 2 user records");
}

}  // namespace
}  // namespace textlambda::events
