#include "textlambda/telemetry/capture.h"

#include <cmath>

#include <nlohmann/json.hpp>

#include "textlambda/encoding/base64.h"
#include "textlambda/encoding/gzip.h"
#include "textlambda/telemetry/log_line.h"

#include "tests/catch.h"

namespace textlambda::telemetry {
namespace {

using nlohmann::json;

TEST_CASE("the share an invocation is in, by XXH3 of its request id") {
  // printf %s ID | xxhsum -H3: b8c9252d580753d9 is 0.7218 of 2^64, ed65b0772be50ee9 0.9273
  const std::string first = "8476a536-e9f4-11e8-9739-2dfe598c3fcd";
  const std::string second = "00000000-0000-0000-0000-000000000000";
  CHECK_FALSE(is_captured(first, 0.7217));
  CHECK(is_captured(first, 0.7219));
  CHECK_FALSE(is_captured(second, 0.9272));
  CHECK(is_captured(second, 0.9274));
  for (const std::string& id : {first, second, std::string(), std::string("a\0\xff", 3)}) {
    CHECK(is_captured(id, 1));
    CHECK_FALSE(is_captured(id, 0));
    CHECK_FALSE(is_captured(id, std::nan("")));
  }
}

TEST_CASE("of many ids the share is captured") {
  const double share = 0.01;
  const int count = 100000;
  int captured = 0;
  for (int i = 0; i < count; ++i) captured += is_captured("request-" + std::to_string(i), share) ? 1 : 0;
  // Five standard deviations of a binomial: sqrt(100000 · 0.01 · 0.99) = 31.5
  CHECK(std::abs(captured - 1000) < 158);
}

Answer answered(const std::string& body) {
  Answer answer;
  answer.ok = true;
  answer.body = body;
  return answer;
}

TEST_CASE("a recording in one line") {
  const lambda::Invocation invocation = {.event = "{\n  \"text\" : \"a\\nb\",\r\n\"n\": 1.50\n}",
                                         .request_id = "id-1",
                                         .function_arn = "arn:aws:lambda:eu-west-1:1:function:f",
                                         .trace_id = "Root=1-x",
                                         .client_context = R"({"custom":{}})",
                                         .cognito_identity = {}};
  const CaptureLine captured =
      capture_line(invocation, answered("{\"label\":\"x\"}"), 1700000000042, "00ff", Redaction());
  CHECK(captured.left_out == "");
  // The event's own spelling is kept: 1.50, the spaces.
  CHECK(captured.line ==
        R"({"event":{   "text" : "a\nb",  "n": 1.50 },"response":{"label":"x"},"context":{"request_id":"id-1",)"
        R"("function_arn":"arn:aws:lambda:eu-west-1:1:function:f","trace_id":"Root=1-x",)"
        R"("client_context":"{\"custom\":{}}"},"time":"2023-11-14T22:13:20.042Z","request_id":"id-1","model":"00ff"})");
  CHECK(json::accept(captured.line));
}

TEST_CASE("an event that is any JSON, and an answer without a body") {
  for (const char* event : {"[\"a\"]", "\"a\"", "null", " 1 ", "{}", "\xEF\xBB\xBF{\"text\": \"a\"}"}) {
    const lambda::Invocation invocation = {.event = event,
                                           .request_id = {},
                                           .function_arn = {},
                                           .trace_id = {},
                                           .client_context = {},
                                           .cognito_identity = {}};
    const json line = json::parse(capture_line(invocation, answered(""), 0, "m", Redaction()).line);
    CHECK(line["event"] == json::parse(event));
    CHECK(line["response"].is_null());
    CHECK(line["context"] == json::object());
  }
}

TEST_CASE("what cannot be a recording is left out, and why") {
  const std::pair<std::string, std::string> rows[] = {
      {"", "not valid JSON"},
      {"{\"text\": \"a\nb\"}", "not valid JSON"},  // a raw line break inside a string
      {"{\"text\": \"\xff\"}", "not valid JSON"},
      {"{} {}", "not valid JSON"},
      {std::string(1U << 20, '['), "bytes of event and response"},
      {"\"" + std::string(kLongestLogLine - 10, 'x') + "\"", "a log line holds 262118"},
      {std::string(200000, '['), "not valid JSON"},
  };
  for (const auto& [event, reason] : rows) {
    CAPTURE(event.substr(0, 40));
    const lambda::Invocation invocation = {.event = event,
                                           .request_id = "id",
                                           .function_arn = {},
                                           .trace_id = {},
                                           .client_context = {},
                                           .cognito_identity = {}};
    const CaptureLine captured = capture_line(invocation, answered("{}"), 0, "m", Redaction());
    CHECK(captured.line == "");
    CHECK_THAT(captured.left_out, Catch::StartsWith("not captured: ") && Catch::Contains(reason));
  }
}

TEST_CASE("credentials are in no part of a recording") {
  const lambda::Invocation invocation = {.event = R"({"headers":{"Cookie":"s3cret"},"body":"hi"})",
                                         .request_id = "id-1",
                                         .function_arn = {},
                                         .trace_id = {},
                                         .client_context = R"({"custom":{"token":"s3cret"}})",
                                         .cognito_identity = {}};
  // Cognito has its event handed back.
  const CaptureLine captured =
      capture_line(invocation, answered(R"({"request":{"password":"s3cret"}})"), 0, "m", Redaction());
  CHECK(captured.left_out == "");
  CHECK(captured.line.find("s3cret") == std::string::npos);
  CHECK(json::parse(captured.line).at("event").at("body") == "hi");
  CHECK(json::parse(captured.line).at("context").at("client_context") == R"({"custom":{"token":"[redacted]"}})");
}

TEST_CASE("an event with packed credentials is left out, and said to be") {
  const std::string packed = encoding::encode_base64(encoding::pack_gzip("Set-Cookie: s3cret"));
  lambda::Invocation invocation;
  const std::string event = R"({"body":")" + packed + R"(","isBase64Encoded":true})";
  invocation.event = event;
  const CaptureLine captured = capture_line(invocation, answered("{}"), 0, "m", Redaction());
  CHECK(captured.line == "");
  CHECK(captured.left_out == "not captured: credentials in gzip, or gzip that cannot be looked into");
}

}  // namespace
}  // namespace textlambda::telemetry
