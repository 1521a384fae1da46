// Figures of invocations, worked out by hand.
#include "textlambda/emulator/invocation_history.h"

#include <nlohmann/json.hpp>

#include "textlambda/emulator/billing.h"

#include "tests/catch.h"

using namespace textlambda::emulator;
using nlohmann::json;
using std::chrono::microseconds;
using std::chrono::milliseconds;

namespace {

// date -u -d @1700000000 +%FT%T: 2023-11-14T22:13:20
const std::chrono::system_clock::time_point kBegin{std::chrono::seconds(1'700'000'000)};

InvocationRecord invocation(const std::string& function, milliseconds duration, milliseconds init = {}) {
  InvocationRecord record;
  record.function = function;
  record.request_id = "id";
  record.began = kBegin + milliseconds(42);
  record.cold = init.count() > 0;
  record.duration = duration;
  record.init = init;
  record.billed = billed_duration(duration, init);
  record.memory_mb = 512;
  return record;
}

void add_to(InvocationHistory& history, const InvocationRecord& record) {
  history.began(record.function);
  history.ended(record);
}

}  // namespace

TEST_CASE("an invocation, whole") {
  InvocationHistory history(kBegin);
  InvocationRecord record = invocation("classify", milliseconds(3), milliseconds(7));
  record.version = "3";
  record.trace_id = "Root=1-0-0";
  record.peak_bytes = 34U << 20;
  record.event_bytes = 12;
  record.answer_bytes = 34;
  record.kind = InvocationKind::url;
  record.outcome = InvocationOutcome::function_error;
  record.error_type = "Told";
  add_to(history, record);
  const json stats = json::parse(history.to_json());
  CHECK(stats["schema_version"] == 1);
  CHECK(stats["since"] == "2023-11-14T22:13:20.000Z");
  CHECK(stats["ended"] == 1);
  CHECK(stats["recent"] == json::parse(R"([{"number":1,"function":"classify","version":"3","request_id":"id",
    "trace_id":"Root=1-0-0","began":"2023-11-14T22:13:20.042Z","kind":"url","outcome":"function_error",
    "error_type":"Told","cold":true,"duration_ms":3.0,"init_ms":7.0,"billed_ms":10,"memory_mb":512,
    "peak_bytes":35651584,"event_bytes":12,"answer_bytes":34}])"));
  const json& totals = stats["totals"];
  CHECK(totals["invocations"] == 1);
  CHECK(totals["function_errors"] == 1);
  CHECK(totals["cold_share"] == 1.0);
  CHECK(totals["billed_ms"] == 10);
  CHECK(totals["gb_seconds"] == 0.005);
  CHECK(totals["duration_ms"]["p50"] == 3.0);
  CHECK(totals["init_ms"]["max"] == 7.0);
  CHECK(totals["duration_counts"] == json::parse(R"([{"from_ms":3.0,"to_ms":5.0,"count":1}])"));
  // 5,000 GB-seconds a million: $0.0833335 and $0.066667.
  CHECK(totals["usd_per_million"]["x86_64"] == Approx(0.2833335));
  CHECK(totals["usd_per_million"]["arm64"] == Approx(0.266667));
  CHECK(stats["functions"][0]["function"] == "classify");
  CHECK(stats["functions"][0]["memory_mb"] == 512);
  CHECK(stats["functions"][0]["invocations"] == 1);
}

TEST_CASE("nothing yet is null, not zero") {
  const json stats = json::parse(InvocationHistory(kBegin).to_json());
  for (const char* const name : {"cold_share", "duration_ms", "init_ms", "usd_per_million"}) {
    CAPTURE(name);
    CHECK(stats["totals"][name].is_null());
  }
  CHECK(stats["totals"]["duration_counts"].empty());
  CHECK(stats["functions"].empty());
  CHECK(stats["recent"].empty());
}

TEST_CASE("percentiles of many, within 1/128") {
  InvocationHistory history(kBegin);
  for (int i = 1000; i >= 1; --i) add_to(history, invocation("f", milliseconds(i)));
  const json times = json::parse(history.to_json())["totals"]["duration_ms"];
  const struct {
    const char* name;
    double exact;
  } cases[] = {{"p50", 500}, {"p90", 900}, {"p99", 990}, {"p99_9", 999}};
  for (const auto& test : cases) {
    CAPTURE(test.name);
    CHECK(times[test.name].get<double>() >= test.exact);
    CHECK(times[test.name].get<double>() <= test.exact * (1 + 1.0 / 128));
  }
  CHECK(times["max"] == 1000.0);
  CHECK(times["mean"] == 500.5);
}

TEST_CASE("what is counted") {
  InvocationHistory history(kBegin);
  history.environment_started("a");
  history.environment_started("a");
  history.began("a");
  history.began("a");
  history.began("b");
  history.ended(invocation("a", milliseconds(1), milliseconds(5)));
  InvocationRecord late = invocation("a", milliseconds(3000));
  late.outcome = InvocationOutcome::timed_out;
  history.ended(late);
  history.environment_ended("a", EnvironmentEnd::timed_out);
  InvocationRecord throttled = invocation("a", {});
  throttled.outcome = InvocationOutcome::throttled;
  throttled.billed = {};
  history.ended(throttled);

  const InvocationFigures& totals = history.totals();
  CHECK(totals.peak_concurrency == 3);
  CHECK(totals.in_flight == 1);
  CHECK(totals.invocations() == 2);
  CHECK(totals.succeeded == 1);
  CHECK(totals.timed_out == 1);
  CHECK(totals.throttled == 1);
  CHECK(totals.cold_starts == 1);
  CHECK(totals.billed_ms == 6 + 3000);
  REQUIRE(history.find("a") != nullptr);
  CHECK(history.find("a")->peak_concurrency == 2);
  CHECK(history.find("b")->in_flight == 1);
  CHECK(history.find("c") == nullptr);
  const json environments = json::parse(history.to_json())["functions"][0]["environments"];
  CHECK(environments["started"] == 2);
  CHECK(environments["alive"] == 1);
  CHECK(environments["peak"] == 2);
  CHECK(environments["ended"]["timed_out"] == 1);
  CHECK(environments["ended"]["idle"] == 0);
  // One that never ran took no time.
  CHECK(json::parse(history.to_json())["recent"][2]["duration_ms"].is_null());
  CHECK(totals.durations.count() == 2);
}

TEST_CASE("buckets of the picture") {
  const struct {
    microseconds duration;
    double from_ms;
  } cases[] = {
      {microseconds(0), 0},
      {microseconds(9), 0},
      {microseconds(15), 0.015},
      {microseconds(14), 0},
      {microseconds(999), 0.7},
      {microseconds(1000), 1},
      {microseconds(1499), 1},
      {microseconds(1500), 1.5},
      {milliseconds(69'999), 50'000},
      {milliseconds(70'000), 70'000},
      {milliseconds(900'000), 700'000},
      {milliseconds(5'000'000), 1'500'000},
  };
  for (const auto& test : cases) {
    CAPTURE(test.from_ms);
    InvocationHistory history(kBegin);
    InvocationRecord record = invocation("f", {});
    record.duration = test.duration;
    add_to(history, record);
    const json counts = json::parse(history.to_json())["totals"]["duration_counts"];
    REQUIRE(counts.size() == 1);
    CHECK(counts[0]["from_ms"] == test.from_ms);
    CHECK(counts[0]["to_ms"].is_null() == (test.from_ms == 1'500'000));
  }
}

TEST_CASE("the last ones, and those after one") {
  InvocationHistory history(kBegin);
  for (int i = 1; i <= 250; ++i) {
    InvocationRecord record = invocation("f", milliseconds(1));
    record.request_id = std::to_string(i);
    add_to(history, record);
  }
  json stats = json::parse(history.to_json());
  REQUIRE(stats["recent"].size() == 200);
  CHECK(stats["recent"][0]["request_id"] == "51");
  CHECK(stats["recent"][0]["number"] == 51);
  CHECK(stats["ended"] == 250);
  stats = json::parse(history.to_json(248));
  REQUIRE(stats["recent"].size() == 2);
  CHECK(stats["recent"][1]["request_id"] == "250");
  CHECK(json::parse(history.to_json(250))["recent"].empty());
  CHECK(json::parse(history.to_json(999))["recent"].empty());
}

TEST_CASE("bounded, however many functions and whatever they are called") {
  InvocationHistory history(kBegin);
  history.environment_started("kept");
  const std::string long_text(100'000, 'x');
  for (int i = 0; i < 5000; ++i) {
    InvocationRecord record = invocation("f" + std::to_string(i), milliseconds(1));
    record.error_type = long_text;
    record.trace_id = long_text;
    record.request_id = long_text;
    add_to(history, record);
  }
  InvocationRecord record = invocation(long_text, milliseconds(1));
  add_to(history, record);
  const std::string text = history.to_json();
  CHECK(text.size() < 1'000'000);
  const json stats = json::parse(text);
  CHECK(stats["functions"].size() == InvocationHistory::kMostFunctions);
  CHECK(stats["functions_left_out"] == 5002 - InvocationHistory::kMostFunctions);
  CHECK(stats["totals"]["invocations"] == 5001);
  CHECK(history.find("kept") != nullptr);  // it has an environment
  CHECK(history.find("f4999") != nullptr);
  CHECK(history.find("f0") == nullptr);
}

TEST_CASE("broken UTF-8 in a name is no reason to say nothing") {
  InvocationHistory history(kBegin);
  InvocationRecord record = invocation("f", milliseconds(1));
  record.error_type = "\xFF\xFE";
  add_to(history, record);
  CHECK(json::parse(history.to_json())["recent"][0]["error_type"] == "\xEF\xBF\xBD\xEF\xBF\xBD");
}

TEST_CASE("the summary") {
  InvocationHistory history(kBegin);
  CHECK(history.summary_lines() ==
        std::vector<std::string>{"0 invocations, 0 cold starts, 0 function errors, 0 timeouts, "
                                 "0 throttled, at most 0 at a time in 0 environments"});
  history.environment_started("classify");
  add_to(history, invocation("classify", milliseconds(3), milliseconds(7)));
  for (int i = 0; i < 1499; ++i) add_to(history, invocation("classify", milliseconds(2)));
  // Percentiles may be 1/128 too high. 10 + 1499 · 2 = 3008 ms at half a GB: 1.504 GB-seconds; 1002.67 of a million.
  CHECK(history.summary_lines() ==
        std::vector<std::string>{"1,500 invocations, 1 cold start (0.1 %), 0 function errors, 0 timeouts, 0 throttled, "
                                 "at most 1 at a time in 1 "
                                 "environment",
                                 "classify: 1,500 invocations, p50 2.01 ms, p99 2.01 ms, p99.9 2.01 ms, init 7.00 ms; "
                                 "1.5 GB-seconds billed, a "
                                 "million such requests at 512 MB cost $0.22 on x86, $0.21 on arm"});
}
