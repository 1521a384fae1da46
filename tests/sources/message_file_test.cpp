#include "textlambda/sources/message_file.h"

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "textlambda/io/error.h"

#include "tests/catch.h"
#include "tests/source_folder.h"
#include "tests/temporary_folder.h"

namespace textlambda::sources {
namespace {

TEST_CASE("messages of a queue, however they are written") {
  const TemporaryFolder folder;
  const std::string path = folder.write(
      "orders.jsonl",
      "I was charged twice\r\n"
      "\n"
      "\"a string \\\"quoted\\\"\"\n"
      R"({"text": "an object that is the body"})"
      "\n"
      R"({"body": "with a body", "messageId": "m-1", "group": "g1"})"
      "\n"
      R"({"body": {"text": "JSON as a body"}, "attributes": {"MessageGroupId": "g2"}, "messageAttributes": {"k": {"dataType": "String", "stringValue": "v"}}})"
      "\n"
      R"({"Records": [{"messageId": "m-2", "body": "first of an event", "eventSource": "aws:sqs"}, {"messageId": "m-3", "body": "second"}]})"
      "\n"
      R"({"event": {"Records": [{"messageId": "m-4", "body": "of a recording"}]}, "time": "2026-01-02T00:00:00Z"})"
      "\n"
      "[1, 2]\n"
      "[a text that begins with a bracket\n"
      R"({"body": "the same id again", "messageId": "m-1"})");
  const Messages messages = read_queue(path);
  std::vector<std::string> bodies;
  for (const Message& message : messages) bodies.push_back(message.body);
  CHECK(bodies == std::vector<std::string>{
                      "I was charged twice", "a string \"quoted\"", R"({"text": "an object that is the body"})",
                      "with a body", R"({"text":"JSON as a body"})", "first of an event", "second", "of a recording",
                      "[1, 2]", "[a text that begins with a bracket", "the same id again"});
  CHECK(messages[3].id == "m-1");
  CHECK(messages[3].key == "g1");
  CHECK(messages[4].key == "g2");
  CHECK(messages[4].attributes == R"({"k":{"dataType":"String","stringValue":"v"}})");
  CHECK(messages[7].id == "m-4");
  // A made-up id is a UUID, the same at every reading; an id that another has is no id.
  CHECK(messages[0].id.size() == 36);
  CHECK(messages[10].id != "m-1");
  CHECK(read_queue(path)[0].id == messages[0].id);
}

TEST_CASE("recorded events of a queue and a topic are read back whole") {
  const TemporaryFolder folder;
  const auto line_of = [&](const std::string& event) {
    const std::string path = in_source_folder("data/events/" + event);
    std::ifstream file(path);
    return nlohmann::json::parse(file).dump() + "\n";
  };
  const Messages queue = read_queue(folder.write("sqs", line_of("sqs/fifo.json")));
  REQUIRE(queue.size() == 2);
  CHECK(queue[0].id == "0380783f-cee6-4f68-81f4-930e26dda883");
  CHECK(queue[0].key == "customer-77");
  const Messages topic = read_stream(StreamKind::kafka, folder.write("kafka", line_of("kafka/msk.json")), 2);
  REQUIRE(topic.size() == 3);
  CHECK(topic[0].body == "The shop still sends me newsletters although I unsubscribed.");
  CHECK(topic[0].key == "c-1");
  CHECK(topic[0].id == "tickets-0:0");
  CHECK(topic[2].id == "tickets-1:0");
  CHECK(topic[0].time_ms == 1772444001015);
  const Messages stream = read_stream(StreamKind::kinesis, folder.write("kinesis", line_of("kinesis/batch.json")), 1);
  CHECK(stream.size() > 1);
  CHECK_FALSE(stream[0].id.empty());
}

TEST_CASE("records of streams, however they are written") {
  const TemporaryFolder folder;
  const Messages kinesis = read_stream(StreamKind::kinesis,
                                       folder.write("k.jsonl",
                                                    "plain\n"
                                                    R"({"data": "with a key", "partitionKey": "p"})"
                                                    "\n"
                                                    R"({"data": {"a": 1}})"),
                                       1);
  REQUIRE(kinesis.size() == 3);
  CHECK(kinesis[0].body == "plain");
  CHECK(kinesis[0].key == "1");
  CHECK(kinesis[1].key == "p");
  CHECK(kinesis[2].body == R"({"a":1})");
  CHECK(kinesis[0].id.size() == 56);
  CHECK(kinesis[0].id < kinesis[1].id);

  const Messages kafka = read_stream(StreamKind::kafka,
                                     folder.write("t.jsonl",
                                                  "plain\n"
                                                  R"({"value": "keyed", "key": "foobar", "topic": "orders"})"
                                                  "\n"
                                                  R"({"value": "placed", "topic": "orders", "partition": 1})"
                                                  "\n"
                                                  R"({"value": "keyed too", "key": "foobar", "topic": "orders"})"),
                                     4);
  REQUIRE(kafka.size() == 4);
  CHECK(kafka[0].id == "messages-0:0");
  // murmur2("foobar") without its sign is 1357151166, 2 modulo 4.
  CHECK(kafka[1].id == "orders-2:0");
  CHECK(kafka[2].id == "orders-1:0");
  CHECK(kafka[3].id == "orders-2:1");

  const Messages table = read_stream(
      StreamKind::dynamodb,
      folder.write("d.jsonl",
                   R"({"id": "7", "text": "hello", "n": 1.5, "ok": true, "tags": ["a", null]})"
                   "\nplain\n"
                   R"({"eventName": "REMOVE", "dynamodb": {"Keys": {"id": {"S": "9"}}, "SequenceNumber": "5"}})"),
      1);
  REQUIRE(table.size() == 3);
  const auto change = nlohmann::json::parse(table[0].body);
  CHECK(change["Keys"] == nlohmann::json::parse(R"({"id": {"S": "7"}})"));
  CHECK(change["NewImage"] == nlohmann::json::parse(
                                  R"({"id": {"S": "7"}, "text": {"S": "hello"}, "n": {"N": "1.5"}, "ok": {"BOOL": true},
                "tags": {"L": [{"S": "a"}, {"NULL": true}]}})"));
  CHECK(table[0].attributes == R"("INSERT")");
  CHECK(nlohmann::json::parse(table[1].body)["NewImage"]["text"]["S"] == "plain");
  CHECK(table[2].id == "5");
  CHECK(table[2].attributes == R"("REMOVE")");
  CHECK(table[0].id.size() == 28);
}

TEST_CASE("recorded events") {
  const TemporaryFolder folder;
  folder.write("a.json", R"({"text": "one"})");
  folder.write("b.jsonl", R"({"event": {"text": "two"}, "time": "2026-01-02T00:00:01Z"})"
                          "\n"
                          R"({"event": {"text": "three"}})");
  const Messages messages = read_events(folder.path(""));
  REQUIRE(messages.size() == 3);
  CHECK(messages[0].body == R"({"text": "one"})");
  CHECK(messages[1].body == R"({"text": "two"})");
  CHECK(messages[1].time_ms == 1767312001000);
  CHECK_FALSE(messages[2].time_ms);
}

TEST_CASE("bad lines are named by file and line") {
  const TemporaryFolder folder;
  const auto fault = [&](const std::string& content, auto read) {
    const std::string path = folder.write("x.jsonl", content);
    try {
      read(path);
    } catch (const io::Error& error) {
      CHECK(error.kind() == io::ErrorKind::input_output);
      const std::string what = error.what();
      REQUIRE(what.starts_with(path + ":"));
      return what.substr(path.size() + 1);
    }
    return std::string("taken");
  };
  const auto queue = [](const std::string& path) { read_queue(path); };
  const auto kinesis = [](const std::string& path) { read_stream(StreamKind::kinesis, path, 1); };
  const auto kafka = [](const std::string& path) { read_stream(StreamKind::kafka, path, 1); };
  const auto dynamodb = [](const std::string& path) { read_stream(StreamKind::dynamodb, path, 1); };
  CHECK(fault("good\n{\"body\": \"cut off", queue) == "2: not valid JSON: cut off at byte 17");
  CHECK(fault("{\"messageId\": \"a\"}", queue) == "1: has no \"body\"");
  CHECK(fault("{\"body\": \"a\", \"messageId\": 7}", queue) == "1: \"messageId\" is no string");
  CHECK(fault("{\"body\": \"a\", \"attributes\": []}", queue) == "1: \"attributes\" is no object");
  CHECK(fault("{\"body\": \"a\", \"messageAttributes\": [1]}", queue) == "1: \"messageAttributes\" is no object");
  CHECK(fault("{\"Records\": 7}", queue) == "1: \"Records\" is no list");
  CHECK(fault("{\"Records\": [{\"body\": \"a\", \"eventSource\": \"aws:sns\"}]}", queue) ==
        "1: is a record of aws:sns, expected aws:sqs");
  CHECK(fault("\n\n", queue) == " holds no message");
  CHECK(fault("{\"kinesis\": {\"data\": \"*\"}}", kinesis).starts_with("1: \"data\": "));
  CHECK(fault("a\nb\n{\"value\": \"v\", \"partition\": -1}", kafka) == "3: \"partition\" is no whole number from 0 on");
  CHECK(fault("{\"dynamodb\": 1}", dynamodb) == "1: has no object \"dynamodb\"");
  CHECK_THROWS_AS(read_queue(folder.path("missing")), io::Error);
}

}  // namespace
}  // namespace textlambda::sources
