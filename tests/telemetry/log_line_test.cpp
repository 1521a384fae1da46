#include "textlambda/telemetry/log_line.h"

#include <nlohmann/json.hpp>

#include "tests/catch.h"

namespace textlambda::telemetry {
namespace {

using nlohmann::json;

// date -u -d @1700000000 +%FT%T: 2023-11-14T22:13:20
const LogMoment kLineMoment = {.time_ms = 1700000000042, .request_id = "id-1"};

TEST_CASE("a message") {
  CHECK(message_line(LogLevel::info, kLineMoment, "ready") ==
        R"({"timestamp":"2023-11-14T22:13:20.042Z","level":"INFO","message":"ready","requestId":"id-1"})");
  CHECK(
      message_line(LogLevel::error, {.time_ms = 0}, "a \"b\"\n", "Runtime.Error") ==
      R"({"timestamp":"1970-01-01T00:00:00.000Z","level":"ERROR","message":"a \"b\"\n","errorType":"Runtime.Error"})");
}

Answer batch() {
  Answer answer;
  answer.source = events::Source::sqs;
  answer.recognised = answer.ok = true;
  answer.records = {
      {.id = "m1", .ok = true, .error = {}, .label = "billing", .confidence = 0.75F, .note = {}},
      {.id = "m2", .ok = false, .error = "no text", .label = {}, .note = {}},
      {.id = "m3", .ok = true, .error = {}, .label = "delivery", .confidence = 0.25F, .abstained = true, .note = {}},
      {.id = "m4", .ok = true, .error = {}, .label = {}, .skipped = true, .note = "control message"}};
  return answer;
}

TEST_CASE("an invocation") {
  const json line = json::parse(invocation_line(kLineMoment, batch(), 0.5));
  CHECK(line == json::parse(R"({"timestamp":"2023-11-14T22:13:20.042Z","level":"WARN","message":"answered",
    "requestId":"id-1","source":"sqs","records":4,"failed":1,"abstained":1,"skipped":1,"durationMs":0.5})"));

  Answer failed;
  failed.error_type = "BadEvent";
  failed.error_message = "the event is not JSON";
  const json error = json::parse(invocation_line(kLineMoment, failed, 0.25));
  CHECK(error["level"] == "ERROR");
  CHECK(error["message"] == "failed");
  CHECK(error["source"] == "unknown");
  CHECK(error["errorType"] == "BadEvent");
  CHECK(error["error"] == "the event is not JSON");

  Answer refused;
  refused.ok = refused.recognised = true;
  refused.source = events::Source::function_url;
  refused.status_code = 400;
  CHECK(json::parse(invocation_line(kLineMoment, refused, 1))["statusCode"] == 400);
  CHECK(level_of(refused) == LogLevel::warn);
  refused.status_code = 200;
  CHECK(level_of(refused) == LogLevel::info);
  CHECK(level_of(failed) == LogLevel::error);
}

TEST_CASE("records, by the level asked for") {
  CHECK(record_lines(kLineMoment, batch(), LogLevel::error).empty());
  const std::vector<std::string> failed = record_lines(kLineMoment, batch(), LogLevel::info);
  REQUIRE(failed.size() == 1);
  CHECK(json::parse(failed[0]) ==
        json::parse(R"({"timestamp":"2023-11-14T22:13:20.042Z","level":"WARN","message":"record failed",
    "requestId":"id-1","record":"m2","error":"no text"})"));

  const std::vector<std::string> all = record_lines(kLineMoment, batch(), LogLevel::debug);
  REQUIRE(all.size() == 4);
  CHECK(json::parse(all[0])["label"] == "billing");
  CHECK(json::parse(all[0])["confidence"] == 0.75);
  CHECK_FALSE(json::parse(all[0]).contains("abstained"));
  CHECK(json::parse(all[2])["abstained"] == true);
  CHECK(json::parse(all[3])["note"] == "control message");
}

TEST_CASE("a batch of failures does not flood the log") {
  Answer answer = batch();
  answer.records.assign(10000, answer.records[1]);
  const std::vector<std::string> lines = record_lines(kLineMoment, answer, LogLevel::warn);
  REQUIRE(lines.size() == 101);
  CHECK(json::parse(lines.back())["message"] == "9900 more records are not listed");
}

TEST_CASE("whatever the bytes, a line is JSON, one line, and not cut by the log") {
  const std::string rows[] = {std::string(1U << 20, '\x01'), std::string(1U << 20, '\xff'), std::string("a\0b\r\n", 5),
                              "\xe4\xbd", "\"}\\"};
  for (const std::string& text : rows) {
    Answer answer = batch();
    answer.records[1].id = answer.records[1].error = text;
    std::vector<std::string> lines = record_lines(kLineMoment, answer, LogLevel::debug);
    lines.push_back(text_line(kLineMoment, 0, text));
    lines.push_back(message_line(LogLevel::warn, {.time_ms = 0, .request_id = text}, text, text));
    for (const std::string& line : lines) {
      CHECK(line.size() <= kLongestLogLine);
      CHECK(line.find('\n') == std::string::npos);
      CHECK(json::accept(line));
    }
  }
}

TEST_CASE("a long text is cut between characters, and its length said") {
  CHECK(text_line(kLineMoment, 2, "hello") ==
        R"({"timestamp":"2023-11-14T22:13:20.042Z","level":"INFO","message":"text","requestId":"id-1",)"
        R"("index":2,"text":"hello"})");
  // 3 bytes each; 8192 = 3 · 2730 + 2
  std::string text;
  for (int i = 0; i < 3000; ++i) text += "好";
  const json line = json::parse(text_line(kLineMoment, 0, text));
  CHECK(line["text"] == text.substr(0, 8190));
  CHECK(line["bytes"] == 9000);
}

}  // namespace
}  // namespace textlambda::telemetry
