// What an event may cost, and bytes that are not what they should be.
#include <string>
#include <vector>

#include "tests/catch.h"
#include "tests/events/contract.h"

namespace textlambda::events {
namespace {

using nlohmann::json;

std::string repeated(const std::string& text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

// The reason of the failed invocation that `event` is answered with.
std::string refusal(const std::string& event, const HandlerOptions& options = {}) {
  const Answer answer = SampleHandler(options)(event);
  CHECK_FALSE(answer.ok);
  return answer.error_type + ": " + answer.error_message;
}

TEST_CASE("events beyond the limits are refused before they cost") {
  HandlerOptions options;
  options.limits.event_bytes = 1000;
  CHECK(refusal("\"" + std::string(999, 'x') + "\"", options) ==
        "InvalidEvent: the event has 1001 bytes, at most 1000 are taken");
  options = {};
  CHECK(refusal(repeated("[", 101)) ==
        "InvalidEvent: the event is not valid JSON within the limits: nested 101 deep, at most 100 are taken");
  CHECK(
      refusal(repeated("{\"a\":", 3000000) + "1" + repeated("}", 3000000)).starts_with("InvalidEvent: the event has "));
  CHECK(refusal(repeated("{\"a\":", 1000000))
            .starts_with("InvalidEvent: the event is not valid JSON within the limits: nested"));
  // 100 deep is fine: here, no text.
  CHECK(refusal(repeated("[", 100) + repeated("]", 100)).starts_with("NoText: none of the array's 1 elements"));
  options.limits.json.values = 10;
  CHECK(refusal("[1,2,3,4,5,6,7,8,9,10,11]", options)
            .starts_with("InvalidEvent: the event is not valid JSON within the limits: about 12 values, at most 10"));
  options = {};
  options.limits.records = 2;
  const std::string record = R"({"messageId": "a", "body": "good", "eventSource": "aws:sqs"})";
  CHECK(refusal("{\"Records\": [" + record + "," + record + "," + record + "]}", options) ==
        "TooManyRecords: 3 records, at most 2 of one event are taken");
  options = {};
  options.limits.answer_bytes = 300;
  CHECK(refusal(R"(["good", "good", "good"])", options).starts_with("AnswerTooLarge: the answer has "));
}

TEST_CASE("a text beyond the limit fails alone") {
  HandlerOptions options;
  options.limits.text_bytes = 10;
  const SampleHandler handle(options);
  CHECK(handle.respond(R"({"Records": [
          {"messageId": "a", "body": "good film!!", "eventSource": "aws:sqs"},
          {"messageId": "b", "body": "good film!", "eventSource": "aws:sqs"}]})") ==
        json::parse(R"({"batchItemFailures": [{"itemIdentifier": "a"}]})"));
}

TEST_CASE("a gzip bomb is cut off; what an event unpacks to adds up") {
  HandlerOptions options;
  options.limits.inflated_bytes = 1000000;
  const auto logs = [](const std::string& content) {
    return json{{"awslogs", {{"data", base64(gzipped(content))}}}}.dump();
  };
  CHECK(refusal(logs(std::string(1000001, 'x')), options) ==
        "InvalidEvent: awslogs.data: not valid gzip within the limits: unpacks to more than the 1000000 bytes that one "
        "event's compressed parts may "
        "have together");
  // A gigabyte of zeros in a megabyte: refused at the usual limit, too.
  CHECK(refusal(logs(std::string(std::size_t{64} << 20, '\0')))
            .starts_with("InvalidEvent: awslogs.data: not valid gzip within the limits: unpacks"));

  const auto record = [](const std::string& id, std::size_t size) {
    return json{{"eventSource", "aws:kinesis"},
                {"kinesis", {{"sequenceNumber", id}, {"data", base64(gzipped("good" + std::string(size, ' ')))}}}};
  };
  const json event = {{"Records", {record("1", 600000), record("2", 600000), record("3", 300000)}}};
  CHECK(SampleHandler(options).respond(event.dump()) ==
        json::parse(R"({"batchItemFailures": [{"itemIdentifier": "2"}]})"));
}

TEST_CASE("a list that is ignored is cut at the limit, and says so") {
  json records = json::array();
  for (int i = 0; i < 20; ++i) {
    records.push_back({{"EventSource", "aws:sns"}, {"Sns", {{"MessageId", std::to_string(i)}, {"Message", "good"}}}});
  }
  HandlerOptions options;
  options.limits.answer_bytes = 1000;
  const Answer answer = SampleHandler(options)(json{{"Records", records}}.dump());
  CHECK(answer.ok);
  CHECK(answer.body.size() <= 1000);
  CHECK(answer.records.size() == 20);
  const json body = json::parse(answer.body);
  CHECK(body["records"].size() + body["omitted"].get<std::size_t>() == 20);
}

TEST_CASE("broken UTF-8 and lone surrogates are repaired") {
  const SampleHandler handle;
  CHECK(handle.respond("{\"text\": \"good \xFF\xC3(\"}")["label"] == "good");
  CHECK(handle.respond(R"({"text": "good \ud83d"})")["label"] == "good");
  CHECK(handle.respond(R"({"text": "good \uDC00 \ud83d\ude00 \\ud83d"})")["label"] == "good");
  CHECK(handle.handler().texts(R"({"text": "good \ud83d!"})") == std::vector<std::string>{"good \xEF\xBF\xBD!"});
  CHECK(handle.handler().texts("{\"text\": \"\xE9t\xE9\"}") == std::vector<std::string>{"\xEF\xBF\xBDt\xEF\xBF\xBD"});
  CHECK(handle.handler().texts(R"({"text": "\ud83d\ude00"})") == std::vector<std::string>{"\xF0\x9F\x98\x80"});
  const Answer answer =
      handle("{\"Records\": [{\"messageId\": \"\xFF\", \"body\": \"\", \"eventSource\": \"aws:sqs\"}]}");
  CHECK(answer.body == "{\"batchItemFailures\":[{\"itemIdentifier\":\"\xEF\xBF\xBD\"}]}");
}

TEST_CASE("a byte-order mark is no part of the event") {
  CHECK(SampleHandler().respond("\xEF\xBB\xBF{\"text\": \"good\"}")["label"] == "good");
}

TEST_CASE("texts: what is classified, in order") {
  const SampleHandler handle;
  CHECK(handle.handler().texts(R"({"Records": [
          {"messageId": "a", "body": "one", "eventSource": "aws:sqs"},
          {"messageId": "b", "body": "", "eventSource": "aws:sqs"},
          {"messageId": "c", "body": "{\"text\": \"two\"}", "eventSource": "aws:sqs"}]})") ==
        std::vector<std::string>{"one", "two"});
  CHECK(handle.handler().texts("not JSON").empty());
  CHECK(handle.handler().texts(R"({"n": 5})").empty());
}

TEST_CASE("options that mean nothing are refused") {
  const auto reason = [](const HandlerOptions& options) -> std::string {
    try {
      validate(options);
      return "";
    } catch (const std::exception& error) {
      return error.what();
    }
  };
  CHECK(reason({}).empty());
  HandlerOptions options;
  options.text_pointers = {};
  CHECK(reason(options) == "at least one text pointer is needed");
  options.text_pointers = {"text"};
  CHECK(reason(options) == R"(text pointer "text" is no JSON Pointer: it has to start with "/")");
  options.text_pointers = {"/a~2"};
  CHECK(reason(options) == R"(text pointer "/a~2" is no JSON Pointer: "~" has to be followed by 0 or 1)");
  options.text_pointers = {"", "/", "/a~1b/m~0n/0"};
  CHECK(reason(options).empty());
  options.abstain_threshold = 1.5F;
  CHECK(reason(options).starts_with("the abstain threshold has to lie between 0 and 1, not 1.5"));
  options.abstain_threshold = std::numeric_limits<float>::quiet_NaN();
  CHECK_FALSE(reason(options).empty());
  options.abstain_threshold.reset();
  options.top_k = 1000;
  CHECK(reason(options).empty());
  options.top_k = 1001;
  CHECK(reason(options) == "top-k is 1001, expected a whole number from 0 to 1000");
  options.top_k = 0;
  options.deadline_margin_ms = -1;
  CHECK(reason(options) == "the margin before a deadline has to be 0 or more, not -1");
}

TEST_CASE("pointers follow RFC 6901") {
  // The document and the pointers of the RFC's section 5, with texts for values.
  const std::string document = R"({"foo": ["bar", "baz"], "": "empty", "a/b": "slash", "c%d": "percent", "e^f": "hat",
                                   "i\\j": "backslash", "k\"l": "quote", " ": "space", "m~n": "tilde"})";
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"/foo/0", "bar"},      {"/", "empty"},     {"/a~1b", "slash"}, {"/c%d", "percent"}, {"/e^f", "hat"},
      {"/i\\j", "backslash"}, {"/k\"l", "quote"}, {"/ ", "space"},    {"/m~0n", "tilde"},  {"/foo/1", "baz"}};
  for (const auto& [pointer, text] : cases) {
    HandlerOptions options;
    options.text_pointers = {pointer};
    CHECK(SampleHandler(options).handler().texts(document) == std::vector<std::string>{text});
  }
  for (const char* pointer :
       {"/foo/2", "/foo/01", "/foo/-", "/foo/x", "/foo", "/foo/0/0", "/nowhere", "/foo/99999999999"}) {
    HandlerOptions options;
    options.text_pointers = {pointer};
    CHECK(SampleHandler(options).handler().texts(document).empty());
  }
}

}  // namespace
}  // namespace textlambda::events
