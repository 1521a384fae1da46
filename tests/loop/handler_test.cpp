#include "textlambda/loop/handler.h"

#include <atomic>
#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "textlambda/encoding/base64.h"
#include "textlambda/store/ledger.h"

#include "tests/catch.h"
#include "tests/temporary_folder.h"

namespace textlambda::loop {
namespace {

using nlohmann::json;

std::string labelled(std::size_t count, unsigned seed) {
  std::mt19937 random(seed);
  std::string lines;
  for (std::size_t i = 0; i < count; ++i) {
    const bool spam = i % 2 == 0;
    std::string text = "row" + std::to_string(seed) + "x" + std::to_string(i);
    for (int word = 0; word < 8; ++word) {
      text += random() % 3 == 0 ? (spam ? " win" : " meet") + std::to_string(random() % 40)
                                : " word" + std::to_string(random() % 300);
    }
    lines += json{{"text", text}, {"label", spam ? "spam" : "ham"}}.dump() + "\n";
  }
  return lines;
}

class Function {
 public:
  explicit Function(const std::function<void(Configuration&)>& change = {}) {
    folder.write("train.jsonl", labelled(200, 1));
    folder.write("test.jsonl", labelled(300, 2));
    configuration.store = folder.path("store");
    configuration.corpora = {folder.path("train.jsonl")};
    configuration.tests = {folder.path("test.jsonl")};
    configuration.text_pointers = {"/text", "/message"};
    configuration.label_pointers = {"/label"};
    configuration.round.gate.max_drop = {"accuracy=5pp"};
    if (change) change(configuration);
    handler.emplace(
        configuration, [this] { return now.load(); }, 2);
  }

  events::Answer call(const json& event, const std::string& request = "r1", std::int64_t deadline = 0) {
    const std::string bytes = event.is_string() && event.get<std::string>().starts_with("raw:")
                                  ? event.get<std::string>().substr(4)
                                  : event.dump();
    return handler->handle({.event = bytes, .request_id = request, .deadline_ms = deadline},
                           [this](lambda::LogLevel, std::string_view line) { log.emplace_back(line); });
  }
  json answer(const json& event, const std::string& request = "r1") {
    const events::Answer answer = call(event, request);
    CAPTURE(answer.body);
    CHECK(answer.ok);
    return json::parse(answer.body);
  }
  // "label=text" of what was kept.
  std::vector<std::string> kept() const {
    std::vector<std::string> rows;
    const store::FeedbackRows feedback = store::Feedback(store::ModelStore::open(configuration.store)).read();
    for (std::string_view left = feedback.lines; !left.empty(); left.remove_prefix(left.find('\n') + 1)) {
      const json row = json::parse(left.substr(0, left.find('\n')));
      rows.push_back(row["label"].get<std::string>() + "=" + row["text"].get<std::string>());
    }
    return rows;
  }
  std::vector<store::LedgerEntry> ledger() const { return store::read_ledger(folder.path("store/ledger.jsonl")); }

  TemporaryFolder folder;
  Configuration configuration;
  std::atomic<std::int64_t> now = 1767357907123;  // a round's threads look at it
  std::optional<Handler> handler;
  std::vector<std::string> log;
};

json scheduled(const std::string& id) {
  return {{"version", "0"},
          {"id", id},
          {"detail-type", "Scheduled Event"},
          {"source", "aws.events"},
          {"account", "1"},
          {"time", "2026-01-02T12:45:07Z"},
          {"region", "us-east-1"},
          {"resources", json::array()},
          {"detail", json::object()}};
}

json sns(const std::string& id, const std::string& message) {
  return {{"Records",
           {{{"EventSource", "aws:sns"},
             {"Sns", {{"Type", "Notification"}, {"MessageId", id}, {"TopicArn", "arn"}, {"Message", message}}}}}}};
}

json sqs(const std::vector<std::pair<std::string, std::string>>& messages) {
  json records = json::array();
  for (const auto& [id, body] : messages)
    records.push_back({{"messageId", id}, {"eventSource", "aws:sqs"}, {"body", body}});
  return {{"Records", records}};
}

json s3(const std::string& key, const std::string& sequencer) {
  return {{"Records",
           {{{"eventSource", "aws:s3"},
             {"eventName", "ObjectCreated:Put"},
             {"s3", {{"bucket", {{"name", "rows"}}}, {"object", {{"key", key}, {"sequencer", sequencer}}}}}}}}};
}

json url(const std::string& method, const std::string& body, const json& headers = json::object(),
         const std::string& query = "") {
  json event = {{"version", "2.0"},
                {"rawPath", "/"},
                {"rawQueryString", query},
                {"headers", headers},
                {"requestContext",
                 {{"domainName", "x.lambda-url.us-east-1.on.aws"}, {"http", {{"method", method}, {"path", "/"}}}}},
                {"isBase64Encoded", false}};
  if (!body.empty()) event["body"] = body;
  if (query == "text=a&label=b") event["queryStringParameters"] = {{"text", "a"}, {"label", "b"}};
  return event;
}

std::string row_json(const std::string& text, const json& label) {
  return json{{"text", text}, {"label", label}}.dump();
}

json failures(const std::vector<std::string>& ids) {
  json list = json::array();
  for (const std::string& id : ids) list.push_back({{"itemIdentifier", id}});
  return {{"batchItemFailures", list}};
}

}  // namespace

TEST_CASE("a schedule has its round, once, and the answer says what came of it") {
  Function function;
  const json first = function.answer(scheduled("monday"));
  CHECK(first["status"] == "promoted");
  CHECK(first["event"] == "monday");
  CHECK(first["from"].is_null());
  CHECK(first["to"] == first["candidate"]);
  CHECK(first["documents"] == 200);
  CHECK(first["feedback"] == 0);
  CHECK(first["training_accuracy"] > 0.5);
  CHECK(first["training_loss"] > 0);
  CHECK(first["repeated"] == false);
  CHECK(function.log == std::vector<std::string>{"promoted: there was no model yet"});
  const json again = function.answer(scheduled("monday"), "r2");
  CHECK(again["repeated"] == true);
  CHECK(again["candidate"] == first["candidate"]);
  CHECK(function.answer(scheduled("tuesday"))["status"] == "unchanged");
  CHECK(function.ledger().size() == 2);
}

TEST_CASE("what the gate refuses is no error") {
  Function function([](Configuration& configuration) { configuration.round.gate.min = {"accuracy=100%"}; });
  const json refused = function.answer(scheduled("monday"));
  CHECK(refused["status"] == "refused");
  CHECK(refused["to"].is_null());
}

TEST_CASE("what asks for a round, and by which name") {
  Function function;
  struct Case {
    json event;
    const char* name;
  };
  const json in_eventbridge = {{"id", "e2"},
                               {"source", "aws.s3"},
                               {"detail-type", "Object Created"},
                               {"detail", {{"bucket", {{"name", "b"}}}, {"object", {{"key", "k"}}}}}};
  json other_rule = in_eventbridge;
  other_rule["id"] = "e3";
  other_rule["source"] = "com.example.rows";
  other_rule["detail"] = {{"ready", true}};
  json empty_detail = other_rule;
  empty_detail["id"] = "e4";
  empty_detail["detail"] = json::object();
  for (const Case& each : {Case{scheduled("s1"), "s1"},
                           {s3("a%20b.csv", "0055"), "s3://rows/a%20b.csv#0055"},
                           {sns("n1", "retrain"), "n1"},
                           {sns("n2", R"({"ready": true})"), "n2"},
                           {sns("n3", s3("a", "1").dump()), "n3"},
                           {in_eventbridge, "e2"},
                           {other_rule, "e3"},
                           {empty_detail, "e4"},
                           {json::object(), "r1"},
                           {json{{"retrain", true}, {"id", "d1"}}, "d1"},
                           {json{{"ready", 1}}, "r1"}}) {
    CAPTURE(each.event.dump());
    const json answer = function.answer(each.event);
    CHECK(answer["event"] == each.name);
  }
  // In a queue a notice of S3 does, and fails no neighbour.
  const events::Answer batch = function.call(sqs({{"m1", s3("a", "2").dump()},
                                                  {"m2", row_json("one", "spam")},
                                                  {"m3", "words alone"},
                                                  {"m4", R"({"ready": true})"}}));
  CHECK(json::parse(batch.body) == failures({"m3", "m4"}));
  CHECK(function.ledger().back().event == "m1");
  CHECK(function.ledger().back().feedback == 1);
  CHECK(function.kept() == std::vector<std::string>{"spam=one"});
}

TEST_CASE("what is neither a row nor a reason") {
  Function function;
  for (const json& event :
       {json("some words"), json(nullptr), json(17), json{{"text", "words"}}, json{{"label", "spam"}},
        json{{"text", " "}, {"label", "spam"}}, json{{"text", "a"}, {"label", {1}}}, json{{"text", "a"}, {"label", ""}},
        json{{"text", "a"}, {"label", std::string(1001, 'x')}}, json::array({json{{"text", "a"}}}), json("raw:{broken"),
        sns("n1", R"({"text": "a"})"), sns("n2", R"({"label": "a"})"),
        json{{"currentIntent", json::object()}, {"inputTranscript", "a"}, {"bot", json::object()}}}) {
    CAPTURE(event.dump());
    const events::Answer answer = function.call(event);
    CHECK_FALSE(answer.ok);
    CHECK(json::parse(answer.body).contains("errorType"));
  }
  CHECK(function.call(json{{"text", "a"}, {"label", {1}}}).error_message ==
        "the label is an array, expected a string, a number, true or false");
  CHECK(function.kept().empty());
  CHECK(function.ledger().empty());
}

TEST_CASE("a queue's rows are kept once each, and only what is none fails") {
  Function function;
  const json batch = sqs({{"a", row_json("first", "spam")},
                          {"b", "no label"},
                          {"c", R"({"text": "no label"})"},
                          {"d", row_json("a number", 5)},
                          {"e", row_json("yes", true)},
                          {"f", row_json("   ", "spam")},
                          {"g", row_json(std::string((std::size_t{1} << 20) + 1, 'x'), "spam")},
                          {"h", R"({"text": "null", "label": null})"},
                          {"i", R"(["com.amazon.sqs.S3Pointer", {"s3BucketName": "b", "s3Key": "k"}])"},
                          {"j", sns("n", row_json("within", " ham "))["Records"][0]["Sns"].dump()}});
  CHECK(function.answer(batch) == failures({"b", "c", "f", "g", "h", "i"}));
  const std::vector<std::string> kept = {"spam=first", "5=a number", "true=yes", "ham=within"};
  CHECK(function.kept() == kept);
  // Handed over again, to this process and to another.
  CHECK(function.answer(batch) == failures({"b", "c", "f", "g", "h", "i"}));
  function.handler.emplace(
      function.configuration, [] { return std::int64_t{1}; }, 1);
  CHECK(function.answer(batch) == failures({"b", "c", "f", "g", "h", "i"}));
  CHECK(function.kept() == kept);
}

TEST_CASE("streams: Kinesis, DynamoDB, Kafka") {
  Function function;
  const auto data = [](const std::string& text) { return encoding::encode_base64(text); };
  const auto kinesis = [&](const std::string& number, const std::string& text) {
    return json{{"eventSource", "aws:kinesis"}, {"kinesis", {{"sequenceNumber", number}, {"data", data(text)}}}};
  };
  json event = {
      {"Records",
       {kinesis("1", row_json("k", "spam")), kinesis("2", "\x89PNG\r\n\x1a\n123456789"), kinesis("3", "words")}}};
  CHECK(function.answer(event) == failures({"2", "3"}));
  const auto change = [](const std::string& number, const json& image) {
    return json{{"eventSource", "aws:dynamodb"},
                {"eventName", "MODIFY"},
                {"dynamodb", {{"SequenceNumber", number}, {"Keys", {{"id", {{"S", "1"}}}}}, {"NewImage", image}}}};
  };
  event = {{"Records",
            {change("1", {{"id", {{"S", "1"}}}, {"text", {{"S", "d"}}}, {"label", {{"S", "ham"}}}}),
             change("2", {{"id", {{"S", "1"}}}, {"text", {{"S", "e"}}}, {"label", {{"N", "4"}}}}),
             change("3", {{"id", {{"S", "1"}}}, {"text", {{"S", "not yet labelled"}}}}),
             change("4", {{"id", {{"S", "1"}}}, {"label", {{"S", "no text"}}}}),
             change("5", {{"id", {{"S", "1"}}}, {"text", {{"S", "e"}}}, {"label", {{"L", json::array()}}}})}}};
  CHECK(function.answer(event) == failures({"5"}));
  event = {{"eventSource", "aws:kafka"},
           {"records",
            {{"t-0",
              {{{"topic", "t"}, {"partition", 0}, {"offset", 15}, {"value", data(row_json("f", "spam"))}},
               {{"topic", "t"}, {"partition", 0}, {"offset", 16}, {"value", data("f")}}}}}}};
  for (int times = 0; times < 2; ++times) {
    CHECK(function.answer(event) ==
          json{{"batchItemFailures", {{{"itemIdentifier", {{"partition", "t-0"}, {"offset", 16}}}}}}});
  }
  CHECK(function.kept() == std::vector<std::string>{"spam=k", "ham=d", "4=e", "spam=f"});
}

TEST_CASE("requests over HTTP") {
  Function function;
  struct Case {
    json event;
    int status;
    const char* body;  // a part of it
  };
  const json as_json = {{"content-type", "application/json"}};
  const json keyed = {{"content-type", "application/json"}, {"idempotency-key", "k1"}};
  const Case cases[] = {
      {url("POST", row_json("a", "spam"), as_json), 200, R"("status":"kept")"},
      {url("PUT", row_json("a", "spam"), as_json), 200, R"("status":"repeated")"},
      {url("PUT", row_json("a", "spam"), keyed), 200, R"("status":"kept")"},
      {url("PUT", row_json("a", "spam"), keyed), 200, R"("status":"repeated")"},
      {url("POST", row_json("b", 1)), 200, R"("status":"kept")"},
      {url("POST", "[" + row_json("c", "x") + R"(,{"text":"d"},)" + row_json("c", "x") + "]", as_json), 200,
       "without a label"},
      {url("POST", R"({"text":"a"})", as_json), 400, "a text without a label: nothing at /label"},
      {url("POST", R"({"label":"a"})", as_json), 400, "no text at /text or /message"},
      {url("POST", "{}", as_json), 400, "no text at"},
      {url("POST", "words", {{"content-type", "text/plain"}}), 400, "without a label"},
      {url("POST", "{", as_json), 400, "not valid JSON"},
      {url("POST", row_json(std::string((std::size_t{1} << 20) + 1, 'x'), "y"), as_json), 413, "bytes"},
      {url("POST", "text=form&label=spam", {{"content-type", "application/x-www-form-urlencoded"}}), 200, "kept"},
      {url("GET", "", json::object(), "text=a&label=b"), 405, "the method is GET"},
      {url("GET", ""), 200, R"({"model":null})"},
      {url("DELETE", ""), 405, "DELETE"},
      {url("OPTIONS", ""), 204, ""},
  };
  for (const Case& each : cases) {
    CAPTURE(each.event.dump().substr(0, 500));
    const json answer = function.answer(each.event);
    CHECK(answer["statusCode"] == each.status);
    CHECK_THAT(answer["body"].get<std::string>(), Catch::Matchers::Contains(each.body));
  }
  CHECK(function.kept() == std::vector<std::string>{"spam=a", "spam=a", "1=b", "x=c", "spam=form"});
  // A store that cannot be written to is no fault of the caller's.
  std::filesystem::remove_all(function.folder.path("store/feedback"));
  function.folder.write("store/feedback", "a file");
  CHECK(function.answer(url("POST", row_json("z", "spam"), as_json))["statusCode"] == 503);
  CHECK(function.answer(sqs({{"a", row_json("z", "spam")}})) == failures({"a"}));
}

TEST_CASE("direct calls, and what keeps warm") {
  Function function;
  CHECK(function.answer(json{{"text", "a"}, {"label", "x"}})["status"] == "kept");
  CHECK(function.answer(json{{"text", "a"}, {"label", "x"}})["status"] == "repeated");
  CHECK(function.answer(json{{"text", "a"}, {"label", "x"}}, "another request")["status"] == "kept");
  CHECK(function.answer(json{{"text", "a"}, {"label", "x"}, {"id", "i"}}, "r3")["status"] == "kept");
  CHECK(function.answer(json{{"text", "a"}, {"label", "x"}, {"id", "i"}}, "r4")["status"] == "repeated");
  const json list = function.answer(json::array({json{{"text", "b"}, {"label", "x"}}, json{{"text", "c"}}}), "r5");
  CHECK(list[0]["status"] == "kept");
  CHECK(list[1].contains("error"));
  CHECK(function.answer(json{{"warmup", true}}).contains("skipped"));
  CHECK(function.kept().size() == 4);
  CHECK(function.ledger().empty());
}

TEST_CASE("feedback is trained on, or not where that is off") {
  Function function;
  CHECK(function.answer(scheduled("a"))["documents"] == 200);
  std::string lines = labelled(100, 9);
  json rows = json::array();
  for (std::size_t at = 0; at < lines.size(); at = lines.find('\n', at) + 1)
    rows.push_back(json::parse(lines.substr(at, lines.find('\n', at) - at)));
  function.answer(rows);
  const json next = function.answer(scheduled("b"));
  CHECK(next["documents"] == 300);
  CHECK(next["feedback"] == 100);
  CHECK(next["status"] == "promoted");
  function.configuration.feedback = false;
  const json without = function.answer(scheduled("c"));
  CHECK(without["documents"] == 200);
  CHECK(without["feedback"] == 0);
  CHECK_FALSE(function.call(json{{"text", "a"}, {"label", "x"}}).ok);
  // Alone.
  function.configuration.feedback = true;
  function.configuration.corpora.clear();
  CHECK(function.answer(scheduled("d"))["documents"] == 100);
}

TEST_CASE("a round ends before its time is over, and leaves nothing") {
  Function function;
  // Each look at the clock takes a while.
  function.handler.emplace(
      function.configuration, [&] { return function.now += 10; }, 2);
  const events::Answer late = function.call(scheduled("a"), "r1", function.now + 1000);
  CHECK_FALSE(late.ok);
  CHECK(late.error_type == "OutOfTime");
  CHECK_THAT(late.error_message, Catch::Matchers::StartsWith("out of time: the round was stopped "));
  CHECK(function.ledger().empty());
  CHECK(store::ModelStore::open(function.configuration.store).models().empty());
  // In a batch it is the notice that comes again, and the rows are kept.
  const events::Answer batch =
      function.call(sqs({{"m", s3("a", "1").dump()}, {"n", row_json("t", "spam")}}), "r1", function.now + 1000);
  CHECK(json::parse(batch.body) == failures({"m"}));
  // A deadline that has passed is made up, and none is none.
  CHECK(function.call(scheduled("b"), "r1", function.now - 1).ok);
  CHECK(function.ledger().size() == 1);
}

TEST_CASE("what goes wrong in a round is a failed invocation, and the next one is right") {
  Function function;
  std::filesystem::remove(function.configuration.corpora.front());
  const events::Answer failed = function.call(scheduled("a"));
  CHECK_FALSE(failed.ok);
  CHECK(failed.error_type == "RoundFailed");
  CHECK_THAT(failed.error_message, Catch::Matchers::Contains("train.jsonl"));
  function.folder.write("train.jsonl", labelled(200, 1));
  CHECK(function.answer(scheduled("a"))["status"] == "promoted");
}

TEST_CASE("neither a corpus nor feedback is nothing to train on") {
  Function function;
  function.configuration.corpora.clear();
  const events::Answer failed = function.call(scheduled("a"));
  CHECK_FALSE(failed.ok);
  CHECK_THAT(failed.error_message,
             Catch::Matchers::Contains("there are no rows to train on: name a corpus, or keep feedback first"));
}

TEST_CASE("a test set that is not there is known at the start") {
  Configuration configuration;
  const TemporaryFolder folder;
  configuration.store = folder.path("store");
  configuration.tests = {folder.path("none.csv")};
  configuration.text_pointers = configuration.label_pointers = {"/x"};
  CHECK_THROWS_WITH(Handler(
                        configuration, [] { return std::int64_t{0}; }, 1),
                    Catch::Matchers::Contains("none.csv"));
}

}  // namespace textlambda::loop
