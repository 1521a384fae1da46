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
      {"objects with nothing between them, as Firehose writes them",
       "{\"a\":1}{\"a\":2}[3]",
       {"1:{\"a\":1}", "1:{\"a\":2}", "1:[3]"}},
      {"several in a line", "{\"a\":1} {\"a\":2}\n{\"a\":3}\r\n", {"1:{\"a\":1}", "1:{\"a\":2}", "2:{\"a\":3}"}},
      {"anything else behind a value is the handler's to refuse",
       "{\"a\":1} 2\n{\"a\":3},\n{\"a\":4}{\"a\"\n{}x{}\n",
       {"1:{\"a\":1} 2", "2:{\"a\":3},", "3:{\"a\":4}{\"a\"", "4:{}x{}"}},
      {"events with a list of their own", R"({"events":[{"message":"a"}]})", {R"(1:{"events":[{"message":"a"}]})"}},
      {"texts that speak of logs",
       R"(["a START RequestId: ", "\"@message\""])",
       {R"(1:["a START RequestId: ", "\"@message\""])"}},
      {"objects with a message and a level",
       "{\"level\":\"ERROR\",\"message\":\"a\"}\n{\"message\":\"b\"}\n",
       {"1:{\"level\":\"ERROR\",\"message\":\"a\"}", "2:{\"message\":\"b\"}"}},
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
      {R"({"event": 1, "request_id": "r", "duration_ms": 12.5, "init_ms": 3, "memory_mb": 512})", true, "1"},
      {R"({"event": 1, "duration": 12.5})", false, R"({"event": 1, "duration": 12.5})"},
      {R"({"response": {}, "label": "x", "event": [1 , 2], "context": {}, "request_id": "r", "model": "m"})", true,
       "[1 , 2]"},
      {R"({"event": 1, "time": "2026-11-03T10:22:00.000001Z", "duration_ms": 1.5, "init_ms": 7})", true, "1"},
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
  take_apart(R"({"event":1,"response":{"b":2},"label":"x","context":{},"time":"t","duration_ms":1.5,"init_ms":7})", 100,
             false, full);
  CHECK(full.response == R"({"b":2})");
  CHECK(full.label == R"("x")");
  CHECK(full.context == "{}");
  CHECK(full.time == R"("t")");
  CHECK(full.duration_ms == "1.5");
  CHECK(full.init_ms == "7");
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
  // What the tools around CloudWatch make of the same three lines.
  const std::string capture = R"({"event":{"text":"a"},"response":{},"request_id":"3c1f","model":"0"})";
  const std::string quoted_capture =
      R"("{\"event\":{\"text\":\"a\"},\"response\":{},\"request_id\":\"3c1f\",\"model\":\"0\"}\n")";
  const std::string answered =
      R"({"timestamp":"2026-11-03T10:22:00.123Z","level":"INFO","message":"answered","requestId":"3c1f","records":1})";
  const std::string stream = "2026/11/03/[3]0123456789abcdef 2026-11-03T10:22:00.123000 ";
  const std::string log_event = R"({"timestamp":1,"ingestionTime":2,"message":)";
  const auto delivery = [](const std::string& message) {
    return R"({"messageType":"DATA_MESSAGE","owner":"1","logGroup":"g","logStream":"s","logEvents":[{"id":"0",)"
           R"("timestamp":1,"message":)" +
           message + "}]}";
  };
  const auto row = [](const std::string& message) {
    return R"([{"field":"@timestamp","value":"2026-11-03 10:22:00.123"},{"field":"@message","value":)" + message +
           R"(},{"field":"@ptr","value":"CnAK"}])";
  };
  const std::vector<Case> tools = {
      {"sam logs",
       stream + start + stream + answered + "\n" + stream + capture + "\n" + stream + report,
       std::nullopt,
       {R"(3:{"text":"a"})"},
       3},
      {"sam logs of a stream named otherwise",
       "my-stream 2026-11-03T10:22:00.123000\t" + capture + "\n",
       std::nullopt,
       {R"(1:{"text":"a"})"},
       0},
      {"bootstrap's own output", answered + "\n" + capture + "\n" + answered + "\n", std::nullopt, second, 2},
      {"its metrics",
       R"({"_aws":{"Timestamp":1,"CloudWatchMetrics":[{"Namespace":"textlambda"}]},"Latency":0.1})"
       "\n" +
           capture + "\n",
       std::nullopt, second, 1},
      {"get-log-events",
       "{\n \"events\": [\n" + log_event + "\"START\"},\n" + log_event + quoted_capture +
           "}\n ],\n \"nextForwardToken\": \"f/1\"\n}\n",
       std::nullopt,
       {R"(1:{"text":"a"})"},
       0},
      {"filter-log-events without its streams",
       "{\"events\":[" + log_event + quoted_capture + "}]}",
       std::nullopt,
       {R"(1:{"text":"a"})"},
       0},
      {"without the object around them",
       "[" + log_event + quoted_capture + "}," + log_event + quoted_capture + "}]",
       std::nullopt,
       {R"(1:{"text":"a"})", R"(1:{"text":"a"})"},
       0},
      {"the messages alone",
       "[\n \"START RequestId: 3c1f\\n\",\n " + quoted_capture + "\n]\n",
       std::nullopt,
       {R"(1:{"text":"a"})"},
       0},
      {"get-query-results",
       "{\"results\":[" + row("\"END\"") + "," + row(quoted_capture) +
           "],\"statistics\":{\"recordsMatched\":2.0},\"status\":\"Complete\"}",
       std::nullopt,
       {R"(1:{"text":"a"})"},
       0},
      {"a query without messages",
       R"({"results":[[{"field":"@ptr","value":"x"}]],"statistics":{},"status":"Complete"})",
       std::nullopt,
       {},
       1},
      {"the console's JSON",
       R"([{"@timestamp":"2026-11-03 10:22:00.123","@message":)" + quoted_capture + "},\n" + R"({"@message":)" +
           capture + "}]",
       std::nullopt,
       {R"(1:{"text":"a"})", R"(1:{"text":"a"})"},
       0},
      {"the console's CSV",
       "@timestamp,@message\r\n2026-11-03 10:22:00.123,START RequestId: 3c1f\r\n2026-11-03 10:22:00.123,\"a\nline\"\r\n"
       "2026-11-03 10:22:00.124,\"{\"\"event\"\":{\"\"text\"\":\"\"a,b\"\"}}\n\"\r\n",
       std::nullopt,
       {R"(5:{"text":"a,b"})"},
       2},
      {"CSV with quoted names, under a pointer",
       "\"@ptr\",\"@message\"\nCnAK,\"{\"\"e\"\":{\"\"text\"\":\"\"a\"\"}}\"\n",
       "/e",
       {R"(2:{"text":"a"})"},
       0},
      {"deliveries with nothing between them",
       delivery("\"START RequestId: 3c1f\"") + delivery(quoted_capture),
       "",
       {R"(1:{"text":"a"})"},
       1},
      {"deliveries, told by themselves",
       delivery(quoted_capture) + delivery(quoted_capture) + "\n" + delivery("\"x\""),
       std::nullopt,
       {R"(1:{"text":"a"})", R"(1:{"text":"a"})"},
       1},
      {"deliveries that span lines",
       "{\n\"messageType\":\"DATA_MESSAGE\",\"logEvents\":[]}\n{\n" + delivery(quoted_capture).substr(1) + "\n",
       std::nullopt,
       {R"(3:{"text":"a"})"},
       1},
      {"any objects with nothing between them",
       R"({"m":{"text":"a"}}{"m":{"text":"b"}})",
       "/m",
       {R"(1:{"text":"a"})", R"(1:{"text":"b"})"},
       0},
  };
  std::vector<Case> all = cases;
  all.insert(all.end(), tools.begin(), tools.end());
  for (const Case& item : all) {
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
