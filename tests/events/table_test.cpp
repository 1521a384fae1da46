// Changes of tables: DynamoDB, DocumentDB.
#include <string>

#include "tests/catch.h"
#include "tests/events/contract.h"

namespace textlambda::events {
namespace {

using nlohmann::json;

std::string dynamodb(const json& changes, const std::string& event_name = "INSERT") {
  json records = json::array();
  for (const json& change : changes) {
    records.push_back({{"eventSource", "aws:dynamodb"}, {"eventName", event_name}, {"dynamodb", change}});
  }
  return json{{"Records", records}}.dump();
}

// The sample model's word for the one text of an event, or why there is none.
std::string outcome(const std::string& event) {
  const SampleHandler handle;
  const Answer answer = handle(event);
  REQUIRE(answer.records.size() == 1);
  const RecordOutcome& record = answer.records[0];
  return record.ok ? (record.skipped ? record.note : std::string(record.label)) : record.error;
}

std::string image_outcome(const std::string& image) {
  return outcome(
      dynamodb({{{"SequenceNumber", "1"}, {"Keys", {{"id", {{"S", "good"}}}}}, {"NewImage", json::parse(image)}}}));
}

TEST_CASE("DynamoDB: the text is in the new image's string attributes") {
  CHECK(image_outcome(R"({"id": {"S": "x"}, "text": {"S": "good"}, "other": {"S": "bad bad"}})") == "good");
  CHECK(image_outcome(R"({"message": {"S": "bad"}, "content": {"S": "good"}})") == "bad");
  // None at the pointers: all strings together, without the keys.
  CHECK(image_outcome(R"({"id": {"S": "bad"}, "Review": {"S": "good"}, "n": {"N": "101"}})") == "good");
  // However deep.
  CHECK(image_outcome(R"({"review": {"M": {"lines": {"L": [{"N": "1"}, {"S": "good"}]}}}})") == "good");
  CHECK(image_outcome(R"({"tags": {"SS": ["good", "film"]}})") == "good");
  CHECK(image_outcome(R"({"log": {"L": [{"M": {"id": {"S": "good"}}}]}})") == "good");  // no key of the table
  // None: the same however often the stream hands it over again.
  const std::string none = "no text: nothing but keys, numbers and the like";
  CHECK(image_outcome("{}") == none);
  CHECK(image_outcome(R"({"id": {"S": "bad"}, "n": {"N": "101"}})") == none);
  CHECK(image_outcome(R"({"id": {"S": "bad"}, "a": {"BOOL": true}, "b": {"NULL": true}, "c": {"NS": ["1"]},
                          "d": {"B": "Z29vZA=="}, "e": {"BS": ["Z29vZA=="]}})") == none);
  CHECK(image_outcome(R"({"other": {"S": ""}, "list": {"L": []}, "map": {"M": {"x": {"S": " "}}}})") == none);
  CHECK(image_outcome(R"({"text": {"N": "5"}})") == none);
  CHECK(image_outcome(R"({"text": "good"})") == none);
  CHECK(image_outcome(R"({"text": {}})") == none);
  // Emptied, which the other strings do not make up for.
  CHECK(image_outcome(R"({"text": {"S": " "}})") == "the text at /text is empty");
  CHECK(image_outcome(R"({"text": {"S": ""}, "Status": {"S": "open"}})") == "the text at /text is empty");
  CHECK(image_outcome(R"({"text": {"S": "{\"text\": \"\"}"}})") == "the text at /text is empty");
  CHECK(image_outcome(R"({"text": {"S": ""}, "message": {"S": "good"}})") == "good");

  HandlerOptions options;
  options.text_pointers = {"/review/lines/1", "/tags/0"};
  const SampleHandler deep(options);
  const auto label = [&](const std::string& image) {
    return std::string(deep(dynamodb({{{"SequenceNumber", "1"}, {"NewImage", json::parse(image)}}})).records[0].label);
  };
  CHECK(label(R"({"review": {"M": {"lines": {"L": [{"N": "1"}, {"S": "good"}]}}}})") == "good");
  CHECK(label(R"({"tags": {"SS": ["good", "bad"]}})") == "good");
}

TEST_CASE("DynamoDB: failures by sequence number") {
  const json good = {{"SequenceNumber", "111"}, {"NewImage", {{"text", {{"S", "good"}}}}}};
  const json numbers = {{"SequenceNumber", "222"}, {"NewImage", {{"n", {{"N", "1"}}}}}};
  const json keys_only = {{"SequenceNumber", "333"}, {"Keys", {{"id", {{"N", "1"}}}}}, {"StreamViewType", "KEYS_ONLY"}};
  check_contract({
      {"mixed", Source::dynamodb, dynamodb({good, numbers, keys_only}),
       R"({"batchItemFailures": [{"itemIdentifier": "333"}]})"},
      {"removed", Source::dynamodb, dynamodb(json::array({keys_only}), "REMOVE"), R"({"batchItemFailures": []})"},
      {"no number, failed", Source::dynamodb, dynamodb(json::array({json::object()})), R"("UnnamedRecord")"},
      {"no change at all", Source::dynamodb, R"({"Records": [{"eventSource": "aws:dynamodb"}]})", R"("UnnamedRecord")"},
  });
  CHECK(outcome(dynamodb(json::array({keys_only}), "REMOVE")) == "an item was removed");
  CHECK(outcome(dynamodb(json::array({keys_only}))) == "no NewImage: the stream's view type has to include new images");
}

TEST_CASE("DocumentDB: the text is in the full document") {
  const auto change = [](const std::string& operation, const json& full) {
    json event = {
        {"_id", {{"_data", "0163"}}}, {"operationType", operation}, {"ns", {{"db", "shop"}, {"coll", "reviews"}}}};
    if (!full.is_null()) event["fullDocument"] = full;
    return json{{"eventSource", "aws:docdb"}, {"eventSourceArn", "arn"}, {"events", {{{"event", event}}}}}.dump();
  };
  check_contract({
      {"at a pointer", Source::documentdb,
       change("insert", {{"_id", {{"$oid", "63ee"}}}, {"text", "good"}, {"by", "bad"}}),
       R"({"records": [{"id": "0163", "$": "good"}]})"},
      {"all strings", Source::documentdb, change("update", {{"_id", {{"$oid", "63ee"}}}, {"review", "bad"}}),
       R"({"records": [{"id": "0163", "$": "bad"}]})"},
      {"removed", Source::documentdb, change("delete", nullptr),
       R"({"records": [{"id": "0163", "skipped": "a change without a document: delete"}]})"},
      {"not asked for", Source::documentdb, change("update", nullptr), R"("NoText")"},
      {"strings further down", Source::documentdb,
       change("insert", {{"_id", {{"$oid", "63ee"}}},
                         {"at", {{"$date", "2026-01-02T12:45:07Z"}}},
                         {"review", {{"lines", {1, "good"}}}}}),
       R"({"records": [{"id": "0163", "$": "good"}]})"},
      // No later attempt finds one.
      {"no strings", Source::documentdb, change("insert", {{"n", 5}, {"_id", {{"$oid", "63ee"}}}}),
       R"({"records": [{"id": "0163", "skipped": "no text: nothing but keys, numbers and the like"}]})"},
      {"emptied", Source::documentdb, change("update", {{"text", ""}, {"by", "bad"}}),
       R"({"records": [{"id": "0163", "skipped": "the text at /text is empty"}]})"},
      {"nothing but its key", Source::documentdb,
       R"({"eventSource": "aws:docdb", "events": [{"event": {"_id": {"_data": "0163"}, "operationType": "insert",
           "documentKey": {"_id": "good"}, "fullDocument": {"_id": "good"}}}]})",
       R"({"records": [{"id": "0163", "skipped": "no text: nothing but keys, numbers and the like"}]})"},
      {"gone before it was looked up", Source::documentdb,
       R"({"eventSource": "aws:docdb", "events": [{"event": {"_id": {"_data": "0163"}, "operationType": "update",
           "fullDocument": null}}]})",
       R"({"records": [{"id": "0163", "skipped": "a document that was gone when it was looked up"}]})"},
  });
}

}  // namespace
}  // namespace textlambda::events
