#include "textlambda/recording/document.h"

#include <string>
#include <vector>

#include "tests/catch.h"

using namespace std::string_literals;

namespace textlambda::recording {
namespace {

// "line:event" of each, or "line!reason".
std::vector<std::string> read(std::string_view text, const DocumentOptions& options = {},
                              DocumentSummary* summary = nullptr) {
  std::vector<std::string> found;
  const DocumentSummary read = read_document(text, Recording(), options, [&](Recording&& recording) {
    found.push_back(std::to_string(recording.line) +
                    (recording.bad_reason.empty() ? ":" + recording.event : "!" + recording.bad_reason));
    return true;
  });
  if (summary != nullptr) *summary = read;
  return found;
}

using Strings = std::vector<std::string>;

TEST_CASE("What a file holds is told by its content") {
  struct Case {
    std::string name;
    std::string text;
    Strings events;
  };
  const std::vector<Case> cases = {
      {"one line", R"({"text":"a"})", {R"(1:{"text":"a"})"}},
      {"one pretty value", "\n{\n  \"text\": \"a\"\n}\n", {"2:{\n  \"text\": \"a\"\n}"}},
      {"an array is one event", "[\n\"a\",\n\"b\"\n]\n", {"1:[\n\"a\",\n\"b\"\n]"}},
      {"a string is one event", "\"a\"\n", {"1:\"a\""}},
      {"lines", "{\"a\":1}\n{\"a\":2}\n", {"1:{\"a\":1}", "2:{\"a\":2}"}},
      {"lines without the last end", "1\n2", {"1:1", "2:2"}},
      {"CRLF and empty lines", "{\"a\":1}\r\n\r\n  \r\n{\"a\":2}\r\n", {"1:{\"a\":1}", "4:{\"a\":2}"}},
      {"byte order mark", "\xEF\xBB\xBF{\"a\":1}\n{\"a\":2}\n", {"1:{\"a\":1}", "2:{\"a\":2}"}},
      {"a broken line among others", "{\"a\":1}\n{oops\n{\"a\":3}\n", {"1:{\"a\":1}", "2:{oops", "3:{\"a\":3}"}},
      {"a broken first line", "{oops\n{\"a\":2}\n{\"a\":3}\n", {"1:{oops", "2:{\"a\":2}", "3:{\"a\":3}"}},
      {"an open string in the first line",
       "{\"a\": \"x}\n{\"b\":2}\n{\"b\":3}\n",
       {"1:{\"a\": \"x}", "2:{\"b\":2}", "3:{\"b\":3}"}},
      {"words", "hello\n{\"a\":2}\n", {"1:hello", "2:{\"a\":2}"}},
      {"a cut pretty value is one",
       "{\n  \"Records\": [\n    {\"a\": 1},\n",
       {"1:{\n  \"Records\": [\n    {\"a\": 1},"}},
      {"pretty values in a row", "{\n \"a\": 1\n}\n{\n \"a\": 2\n}\n", {"1:{\n \"a\": 1\n}", "4:{\n \"a\": 2\n}"}},
      {"pretty values, the last cut", "{\n \"a\": 1\n}\n{\n \"a\":", {"1:{\n \"a\": 1\n}", "4:{\n \"a\":"}},
      {"two values a line are the handler's to refuse", "{\"a\":1} {\"a\":2}\n3\n", {"1:{\"a\":1} {\"a\":2}", "2:3"}},
  };
  for (const Case& item : cases) {
    CAPTURE(item.name);
    CHECK(read(item.text) == item.events);
  }
}

TEST_CASE("What is no text is told apart") {
  CHECK(text_fault("") == "is empty");
  CHECK(text_fault(" \r\n\t\n") == "is empty");
  CHECK(text_fault("\xEF\xBB\xBF\n") == "is empty");
  CHECK(text_fault("\xFF\xFE{\0"s) == "is UTF-16, expected UTF-8");
  CHECK(text_fault("\xFE\xFF\0{"s) == "is UTF-16, expected UTF-8");
  CHECK(text_fault("{\0\"\0"s) == "is UTF-16 or binary, expected UTF-8");
  CHECK(text_fault("\0{\0\""s) == "is UTF-16 or binary, expected UTF-8");
  CHECK(text_fault("{}").empty());
}

TEST_CASE("A recording has the event and no key outside the format") {
  struct Case {
    std::string text;
    bool wrapped;
    std::string event;
  };
  const std::vector<Case> cases = {
      {R"({"event": {"a": 1}})", true, R"({"a": 1})"},
      {R"({"event": "text"})", true, R"("text")"},
      {R"({"event": null, "time": "2026-11-03T10:22:00Z"})", true, "null"},
      {R"({"response": {}, "label": "x", "event": [1 , 2], "context": {}, "request_id": "r", "model": "m"})", true,
       "[1 , 2]"},
      {R"({"event": "login", "user": "ann"})", false, ""},
      {R"({"response": {}, "label": "x"})", false, ""},
      {R"({"Event": {}})", false, ""},
      {R"({"a": {"event": {}}})", false, ""},
      {R"([{"event": {}}])", false, ""},
      {R"("event")", false, ""},
      {R"({"event": {}, )", false, ""},  // cut off
  };
  for (const Case& item : cases) {
    CAPTURE(item.text);
    Recording recording;
    take_apart(item.text, 0, false, recording);
    CHECK(recording.wrapped == item.wrapped);
    CHECK(recording.event == (item.wrapped ? item.event : item.text));
    Recording bare;
    take_apart(item.text, 0, true, bare);
    CHECK_FALSE(bare.wrapped);
    CHECK(bare.event == item.text);
  }
  Recording full;
  take_apart(R"({"event":1,"response":{"b":2},"label":"x","context":{},"time":"t"})", 100, false, full);
  CHECK(full.response == R"({"b":2})");
  CHECK(full.label == R"("x")");
  CHECK(full.context == "{}");
  CHECK(full.time == R"("t")");
  CHECK(full.value.begin == 100);
  CHECK(full.response_value.begin == 100 + 22);
  CHECK(full.response_value.size() == 7);
  Recording twice;
  take_apart(R"({"event":1,"event":2})", 0, false, twice);
  CHECK(twice.bad_reason == R"(a recording with two members "event")");
}

TEST_CASE("A value beyond the limit is told, its neighbours are read") {
  DocumentOptions options;
  options.max_value_bytes = 20;
  const std::string text = "{\"a\":1}\n{\"a\":\"" + std::string(30, 'x') + "\"}\n{\"a\":3}\n";
  CHECK(read(text, options) == Strings{"1:{\"a\":1}", "2!a value of 38 bytes; the limit is 20", "3:{\"a\":3}"});
}

TEST_CASE("Reading stops where the receiver says so") {
  int seen = 0;
  const auto two = [&](Recording&&) { return ++seen < 2; };
  read_document("1\n2\n3\n", Recording(), {}, two);
  CHECK(seen == 2);
}

TEST_CASE("Recordings are taken out of a log, and its other lines counted") {
  const std::string recording = R"({"event":{"text":"a"},"response":{},"time":"2026-11-03T10:22:00.123Z"})";
  struct Case {
    std::string name;
    std::string text;
    std::optional<std::string> unwrap;
    Strings events;
    std::uint64_t without;
  };
  const std::string start = "START RequestId: 3c1f Version: $LATEST\n";
  const std::string report = "REPORT RequestId: 3c1f\tDuration: 1.23 ms\tBilled Duration: 2 ms\n";
  const Strings second = {R"(2:{"text":"a"})"};
  const std::string quoted = R"("{\"text\": \"a\"}")";
  const std::vector<Case> cases = {
      {"plain lines", start + recording + "\nEND RequestId: 3c1f\n" + report, std::nullopt, second, 3},
      {"structured lines are no events", start + recording + "\n{\"level\":\"INFO\",\"message\":\"x\"}\n", std::nullopt,
       second, 2},
      {"S3 export", "2026-11-03T10:22:00.100Z " + start + "2026-11-03T10:22:00.123Z " + recording + "\n", std::nullopt,
       second, 1},
      {"aws logs tail",
       "2026-11-03T10:22:00.100000+00:00 2026/11/03/[$LATEST]0a1b " + start +
           "2026-11-03T10:22:00.123000+00:00 2026/11/03/[$LATEST]0a1b " + recording + "\n",
       std::nullopt, second, 1},
      {"Lambda's JSON log format",
       R"({"time":"2026-11-03T10:22:00Z","type":"platform.start","record":{}})"
       "\n" +
           recording + "\n",
       std::nullopt, second, 1},
      {"one line", "2026-11-03T10:22:00.123Z\t" + recording, std::nullopt, {R"(1:{"text":"a"})"}, 0},
      {"a string under a pointer",
       "{\"message\":\"started\"}\n{\"message\":" + quoted + "}\n",
       "/message",
       {R"(2:{"text": "a"})"},
       1},
      {"an object under a pointer", "{\"m\":{\"e\":{\"text\":\"a\"}}}\n{\"m\":{}}\n", "/m/e", {R"(1:{"text":"a"})"}, 1},
      {"a recording under a pointer",
       "{\"message\":" + recording + "}\nrubbish\n",
       "/message",
       {R"(1:{"text":"a"})"},
       1},
      {"time stamps before the objects",
       "2026-11-03T10:22:00Z {\"message\":" + quoted + "}\n" + start,
       "/message",
       {R"(1:{"text": "a"})"},
       1},
      {"a scalar is no event", "{\"message\":\"12\"}\n{\"message\":7}\n", "/message", {}, 2},
      {"the line itself", recording + "\n{\"text\":\"a\"}\n", "", {R"(1:{"text":"a"})"}, 1},
      {"filter-log-events",
       "{\n\"events\": [\n{\"timestamp\": 1, \"message\": \"START RequestId: 1\"},\n{\"message\": "
       "\"{\\\"event\\\":{\\\"text\\\":\\\"a\\\"}}\\n\"}\n]\n}\n",
       "/message",
       {R"(1:{"text":"a"})"},
       0},
      {"a subscription's delivery",
       "{\"logEvents\":[{\"message\":\"{\\\"event\\\":1}\"},{\"message\":\"x\"}]}\n1\n",
       "",
       {"1:1"},
       1},
  };
  for (const Case& item : cases) {
    CAPTURE(item.name);
    DocumentOptions options;
    options.unwrap = item.unwrap;
    DocumentSummary summary;
    CHECK(read(item.text, options, &summary) == item.events);
    CHECK(summary.lines_without == item.without);
  }
}

}  // namespace
}  // namespace textlambda::recording
