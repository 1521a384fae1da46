// Worked out by hand: prices of 0.20 $ a million requests, 0.0000166667 $ (x86) and 0.0000133334 $ (arm) a GB-second.
#include "textlambda/sources/capacity.h"

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "textlambda/io/error.h"
#include "textlambda/sources/call_log.h"

#include "tests/catch.h"
#include "tests/temporary_folder.h"

namespace textlambda::sources {
namespace {

constexpr Nanoseconds kMs = kMillisecond;

CapacityOptions at(std::vector<std::uint32_t> memories) {
  CapacityOptions options;
  options.memories = std::move(memories);
  return options;
}

TEST_CASE("durations go with the share of a processor, up to a whole one") {
  const Call call{0, 100 * kMs, 1769};
  CHECK(scaled_duration(call, 1769) == 100 * kMs);
  CHECK(scaled_duration(call, 3008) == 100 * kMs);     // one thread has no use for more
  CHECK(scaled_duration(call, 128) == 1'382'031'250);  // 100 ms × 1769 / 128 = 1382.03125 ms
  const Call small{0, 1000 * kMs, 128};
  CHECK(scaled_duration(small, 256) == 500 * kMs);
  CHECK(scaled_duration(small, 10240) == 72'357'264);  // 1000 ms × 128 / 1769
}

TEST_CASE("calls one after the other stay warm, calls at a time have environments of their own") {
  CapacityOptions options = at({1769});
  options.init = 50 * kMs;
  // Two at once, then one while both are free.
  const std::vector<Call> calls = {{1000 * kMs, 100 * kMs, 1769}, {0, 100 * kMs, 1769}, {10 * kMs, 100 * kMs, 1769}};
  const std::vector<CapacityRow> rows = replay_calls(calls, options);
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].calls == 3);
  CHECK(rows[0].cold_starts == 2);
  CHECK(rows[0].peak_concurrency == 2);
  CHECK(rows[0].p50 == 150 * kMs);
  CHECK(rows[0].p99 == 150 * kMs);
  // 150 + 150 + 100 ms at 1769 MB: 0.4 × 1769 / 1024 GB-seconds.
  CHECK(rows[0].gb_seconds == Approx(0.691015625));
  CHECK(rows[0].x86_dollars == Approx(3 * 0.2e-6 + 0.691015625 * 0.0000166667));
  CHECK(rows[0].arm_dollars == Approx(3 * 0.2e-6 + 0.691015625 * 0.0000133334));
}

TEST_CASE("less memory is slower, so that more calls meet") {
  std::vector<Call> calls;
  for (int i = 0; i < 100; ++i) calls.push_back({i * 200 * kMs, 100 * kMs, 1769});
  const std::vector<CapacityRow> rows = replay_calls(calls, at({128, 1769}));
  // At 128 MB each takes 1382 ms, in which six more arrive.
  CHECK(rows[0].peak_concurrency == 7);
  CHECK(rows[0].cold_starts == 7);
  CHECK(rows[0].p50 == 1'382'031'250);
  // Billed 1383 ms each: 138.3 s × 128 / 1024.
  CHECK(rows[0].gb_seconds == Approx(17.2875));
  CHECK(rows[1].peak_concurrency == 1);
  CHECK(rows[1].cold_starts == 1);
  CHECK(rows[1].gb_seconds == Approx(10 * 1769.0 / 1024));
}

TEST_CASE("an idle environment goes, and a limit throttles") {
  CapacityOptions options = at({1769});
  options.idle = 60 * kSecond;
  std::vector<Call> calls = {{0, kMs, 1769}, {60 * kSecond, kMs, 1769}, {121 * kSecond, kMs, 1769}};
  CHECK(replay_calls(calls, options)[0].cold_starts == 2);
  options.most_environments = 2;
  calls = {{0, kSecond, 1769}, {1, kSecond, 1769}, {2, kSecond, 1769}, {2 * kSecond, kSecond, 1769}};
  const CapacityRow row = replay_calls(calls, options)[0];
  CHECK(row.throttled == 1);
  CHECK(row.calls == 3);
  CHECK(row.peak_concurrency == 2);
  CHECK(replay_calls({}, options)[0].calls == 0);
}

TEST_CASE("capacity as a table and as JSON") {
  const CapacityOptions options = at({512, 1769});
  const std::vector<CapacityRow> rows = replay_calls({{0, 100 * kMs, 1769}}, options);
  const std::string table = capacity_table(rows, options);
  CHECK_THAT(table, Catch::Contains("memory MB") && Catch::Contains("512") && Catch::Contains("Assumed"));
  // 345.508 ms, billed 346: 0.173 GB-seconds, 2.88 $ a million and 0.20 for the requests.
  CHECK_THAT(table, Catch::Contains("345.5") && Catch::Contains("0.173") && Catch::Contains("3.08"));
  const auto json = nlohmann::json::parse(capacity_json(rows));
  CHECK(json[0]["memory_mb"] == 512);
  CHECK(json[0]["p99_ms"].get<double>() == Approx(345.507812));
  CHECK(json[1]["x86_dollars"].get<double>() == Approx(0.2e-6 + 0.1 * 1769 / 1024 * 0.0000166667));
  CHECK_THROWS_WITH(replay_calls({}, at({})), "no memory size is given");
  CHECK_THROWS_WITH(replay_calls({}, at({64})), "a memory of 64: expected 128 to 10240");
}

TEST_CASE("lines of REPORT") {
  const std::string fields =
      "REPORT RequestId: 316aa6d0\tDuration: 12.50 ms\tBilled Duration: 71 ms\tMemory Size: 512 MB\tMax Memory Used: "
      "34 "
      "MB\tInit Duration: 57.25 ms";
  for (const std::string& prefix : {std::string("2026-01-02T00:00:00.123Z "),
                                    std::string("2026-01-02T00:00:00.123000+00:00 2026/01/02/[$LATEST]ab12 "),
                                    std::string("2026/01/02/[$LATEST]ab12 2026-01-02T00:00:00.123000 ")}) {
    INFO(prefix);
    const auto report = read_report(prefix + fields);
    REQUIRE(report);
    CHECK(report->request_id == "316aa6d0");
    CHECK(report->duration == 12'500'000);
    CHECK(report->memory_mb == 512);
    CHECK(report->init == 57'250'000);
    CHECK(report->time_ms == 1767312000123);
  }
  CHECK_FALSE(read_report(fields)->time_ms);
  const auto json =
      read_report(R"({"time":"2026-01-02T00:00:00.123Z","type":"platform.report","record":{"requestId":"r","metrics":{)"
                  R"("durationMs":12.5,"billedDurationMs":13,"memorySizeMB":256,"maxMemoryUsedMB":30}}})");
  REQUIRE(json);
  CHECK(json->duration == 12'500'000);
  CHECK(json->memory_mb == 256);
  CHECK_FALSE(json->init);
  CHECK(json->time_ms == 1767312000123);
  for (const char* const other : {"", "START RequestId: a Version: $LATEST", "REPORT RequestId: a", "{}",
                                  R"({"type":"platform.report"})", "platform.report"}) {
    INFO(other);
    CHECK_FALSE(read_report(other));
  }
}

TEST_CASE("calls are read from logs and recordings") {
  const TemporaryFolder folder;
  SECTION("a log: each REPORT is a call that was over at its time") {
    const std::string log = folder.write(
        "a.log",
        "2026-01-02T00:00:00.000Z START RequestId: r1 Version: $LATEST\n"
        "2026-01-02T00:00:00.100Z REPORT RequestId: r1\tDuration: 40.00 ms\tBilled Duration: 90 ms\tMemory Size: 256 "
        "MB\tMax Memory Used: 34 MB\tInit Duration: 50.00 ms\n"
        "2026-01-02T00:00:01.000Z REPORT RequestId: r2\tDuration: 10.00 ms\tBilled Duration: 10 ms\tMemory Size: 256 "
        "MB\tMax Memory Used: 34 MB\n");
    const CallLog calls = read_calls({log}, {});
    REQUIRE(calls.calls.size() == 2);
    CHECK(calls.reports == 2);
    CHECK(milliseconds_of(calls.calls[0].arrival) == 1767312000010);
    CHECK(calls.calls[0].duration == 40 * kMs);
    CHECK(calls.calls[0].memory_mb == 256);
    CHECK(milliseconds_of(calls.calls[1].arrival) == 1767312000990);
    CHECK(calls.median_init() == 50 * kMs);
  }
  SECTION("the answer of filter-log-events") {
    const std::string log = folder.write(
        "a.json",
        R"({"events": [{"timestamp": 1767312000100, "message": "REPORT RequestId: r1\tDuration: 40.00 ms\tBilled Duration: 40 ms\tMemory Size: 256 MB\tMax Memory Used: 34 MB\t\n"},)"
        R"({"timestamp": 1767312000100, "message": "other"}], "searchedLogStreams": []})");
    const CallLog calls = read_calls({log}, {});
    REQUIRE(calls.calls.size() == 1);
    CHECK(milliseconds_of(calls.calls[0].arrival) == 1767312000060);
  }
  SECTION("recordings that say how long they took, and one whose REPORT does") {
    const std::string file = folder.write(
        "a.jsonl",
        R"({"event": {"text": "a"}, "time": "2026-01-02T00:00:00.5Z", "duration_ms": 12.5, "init_ms": 30, "memory_mb": 512})"
        "\n");
    const std::string log = folder.write(
        "b.log",
        R"({"event":{"text":"b"},"response":null,"context":{},"time":"2026-01-02T00:00:02Z","request_id":"r2","model":"m"})"
        "\nREPORT RequestId: r2\tDuration: 10.00 ms\tBilled Duration: 10 ms\tMemory Size: 256 MB\tMax Memory Used: "
        "34 MB\n");
    const CallLog calls = read_calls({file, log}, {});
    REQUIRE(calls.calls.size() == 2);
    CHECK(calls.recordings == 2);
    CHECK(calls.reports == 0);
    CHECK(milliseconds_of(calls.calls[0].arrival) == 1767312000500);
    CHECK(calls.calls[0].duration == 12'500'000);
    CHECK(calls.calls[0].memory_mb == 512);
    CHECK(calls.calls[1].duration == 10 * kMs);
    CHECK(calls.calls[1].memory_mb == 256);
    CHECK(calls.median_init() == 30 * kMs);
  }
  SECTION("a duration that is assumed, or measured") {
    const std::string file = folder.write("a.json", R"({"event": {"text": "a"}, "time": "2026-01-02T00:00:00Z"})");
    CallLogOptions options;
    options.duration = 7 * kMs;
    options.memory_mb = 1024;
    CHECK(read_calls({file}, options).calls[0].duration == 7 * kMs);
    CHECK(read_calls({file}, options).calls[0].memory_mb == 1024);
    CallLogOptions measured;
    measured.measure = [](std::string_view event) { return static_cast<Nanoseconds>(event.size()); };
    CHECK(read_calls({file}, measured).calls[0].duration == 13);
    CHECK(read_calls({file}, measured).calls[0].memory_mb == 1769);
  }
  SECTION("what is missing is named") {
    const auto fault = [&](const std::string& content) {
      const std::string path = folder.write("x.jsonl", content);
      try {
        read_calls({path}, {});
      } catch (const io::Error& error) {
        CHECK(error.kind() == io::ErrorKind::input_output);
        return std::string(error.what()).substr(path.size());
      }
      return std::string("taken");
    };
    const std::string good = R"({"event": 1, "time": "2026-01-02T00:00:00Z", "duration_ms": 1})";
    CHECK(fault(good + "\n" + R"({"event": 1, "duration_ms": 1})") ==
          ":2: has no \"time\": when it was called is not known");
    CHECK(fault(good + "\n" + R"({"text": "a bare event"})") == ":2: has no \"time\": when it was called is not known");
    CHECK(fault(R"({"event": 1, "time": "yesterday", "duration_ms": 1})") ==
          ":1: its \"time\" is none, such as \"2026-11-03T10:22:00.123Z\"");
    CHECK(fault(R"({"event": 1, "time": "2026-01-02T00:00:00Z"})") ==
          ":1: has no \"duration_ms\", and no line of REPORT has its request id: how long it took is not known");
    CHECK(fault("START RequestId: a Version: $LATEST\n") ==
          ": holds no call: neither a recording with a time nor a line of REPORT behind a time stamp");
    CHECK_THROWS_WITH(read_calls({"-"}, {}), Catch::Contains("expected files, not standard input"));
  }
}

}  // namespace
}  // namespace textlambda::sources
