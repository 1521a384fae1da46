#include "textlambda/telemetry/observed_handler.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>

#include <nlohmann/json.hpp>

#include "textlambda/telemetry/line_writer.h"

#include "tests/catch.h"
#include "tests/lambda/sample_handler.h"

namespace textlambda::telemetry {
namespace {

using nlohmann::json;

// The lines that one event gives, with a clock that says 1700000000042 and 2.5 ms for the handler.
std::vector<json> lines_of(const lambda::Configuration& configuration, const std::string& event) {
  const lambda::SampleHandler sample;
  std::vector<json> lines;
  double now = 0;
  ObservedHandler observed(
      sample.handler(), configuration,
      {.epoch_ms = [] { return std::int64_t{1700000000042}; }, .monotonic_ms = [&] { return now += 2.5; }},
      [&](std::string_view line) { lines.push_back(json::parse(line)); });
  lambda::Invocation invocation;
  invocation.event = event;
  invocation.request_id = "id-1";
  const lambda::Answer answer = observed.handle(invocation);
  CHECK(answer.body == sample(event).body);
  return lines;
}

lambda::Configuration quiet() {
  lambda::Configuration configuration;
  configuration.metrics = false;
  configuration.log_level = lambda::LogLevel::off;
  return configuration;
}

const std::string kEvent = R"({"text": "a good film"})";

TEST_CASE("what is switched off is not written") { CHECK(lines_of(quiet(), kEvent).empty()); }

TEST_CASE("a line for the invocation, from its level on") {
  lambda::Configuration configuration = quiet();
  configuration.log_level = lambda::LogLevel::info;
  const std::vector<json> lines = lines_of(configuration, kEvent);
  REQUIRE(lines.size() == 1);
  CHECK(lines[0]["timestamp"] == "2023-11-14T22:13:20.042Z");
  CHECK(lines[0]["requestId"] == "id-1");
  CHECK(lines[0]["durationMs"] == 2.5);
  CHECK(lines[0].dump().find("film") == std::string::npos);

  configuration.log_level = lambda::LogLevel::warn;
  CHECK(lines_of(configuration, kEvent).empty());
  CHECK(lines_of(configuration, "no JSON").size() == 1);
}

TEST_CASE("texts, where they are asked for and the level lets them") {
  lambda::Configuration configuration = quiet();
  configuration.log_text = true;
  CHECK(lines_of(configuration, kEvent).empty());
  configuration.log_level = lambda::LogLevel::info;
  const std::vector<json> lines = lines_of(configuration, kEvent);
  REQUIRE(lines.size() == 2);
  CHECK(lines[1]["text"] == "a good film");
}

TEST_CASE("metrics and captured invocations do not depend on the level") {
  lambda::Configuration configuration = quiet();
  configuration.metrics = true;
  configuration.capture = 1;
  const std::vector<json> lines = lines_of(configuration, kEvent);
  REQUIRE(lines.size() == 3);
  CHECK(lines[0]["Latency"] == 2.5);
  CHECK(lines[1]["Label"] == "good");
  CHECK(lines[2]["event"] == json::parse(kEvent));
  CHECK(lines[2]["response"]["label"] == "good");
  CHECK(lines[2]["model"].get<std::string>().size() == 16);
}

TEST_CASE("lines go out whole, however slowly they are read") {
  std::array<int, 2> ends{};
  REQUIRE(::pipe2(ends.data(), O_NONBLOCK) == 0);
  LineWriter writer(ends[1]);
  writer.write("short");
  std::array<char, 16> got{};
  REQUIRE(::read(ends[0], got.data(), got.size()) == 6);
  CHECK(std::string_view(got.data(), 6) == "short\n");
  ::close(ends[0]);
  ::close(ends[1]);
  writer.write("nobody is there");  // passed over
}

}  // namespace
}  // namespace textlambda::telemetry
