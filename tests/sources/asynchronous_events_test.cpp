#include "textlambda/sources/asynchronous_events.h"

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "tests/catch.h"
#include "tests/sources/hand_run.h"

namespace textlambda::sources {
namespace {

TEST_CASE("an event is retried a minute after an error and two after the next, then given up") {
  Messages messages = letters(1);
  messages[0].body = R"({"text": "hello"})";
  AsynchronousOptions options;
  options.has_destination = true;
  options.account.function = "orders";
  AsynchronousEvents events(options, messages);
  std::vector<nlohmann::json> records;
  events.send_dead_letters_to([&](std::string&& line) { records.push_back(nlohmann::json::parse(line)); });
  HandRun run(events);
  run.feed(0, 0);
  CHECK(run.poll(0) == "a");
  std::string event;
  events.write_event(run.batch(0), kStart, event);
  CHECK(event == messages[0].body);
  run.fail(0, 1);
  CHECK(run.due(1) == 61);
  CHECK(run.poll(61) == "a");
  run.fail(1, 62);
  CHECK(run.due(62) == 182);
  CHECK(run.poll(182) == "a");
  run.fail(2, 183);
  CHECK(run.counts().dead_lettered == 1);
  CHECK(run.due(183) == -1);
  // https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
  REQUIRE(records.size() == 1);
  CHECK(records[0]["version"] == "1.0");
  CHECK(records[0]["timestamp"] == "2026-01-02T00:03:03.000Z");
  CHECK(records[0]["requestContext"]["condition"] == "RetriesExhausted");
  CHECK(records[0]["requestContext"]["approximateInvokeCount"] == 3);
  CHECK(records[0]["requestContext"]["functionArn"] == "arn:aws:lambda:us-east-1:123456789012:function:orders:$LATEST");
  CHECK(records[0]["requestPayload"]["text"] == "hello");
  CHECK(records[0]["responseContext"]["functionError"] == "Unhandled");
  run.check_books();
}

TEST_CASE("a throttled event is tried again for as long as it is young enough") {
  const Messages messages = letters(1);
  AsynchronousOptions options;
  options.retries = 0;
  options.max_age = 600 * kSecond;
  AsynchronousEvents events(options, messages);
  HandRun run(events);
  run.feed(0, 0);
  std::vector<double> moments;
  double now = 0;
  for (std::size_t i = 0; run.due(now) >= 0; ++i) {
    now = run.due(now);
    if (run.poll(now).empty()) break;
    moments.push_back(now);
    run.throttle(i, now);
  }
  // Twice as long each time, up to five minutes.
  CHECK(moments == std::vector<double>{0, 1, 3, 7, 15, 31, 63, 127, 255, 511});
  CHECK(run.counts().dropped == 1);  // at 811 s it is too old
  CHECK(run.counts().throttled == 10);
  CHECK(run.counts().failed == 0);
  run.check_books();
}

TEST_CASE("as many events at a time as are allowed") {
  const Messages messages = letters(3);
  AsynchronousOptions options;
  options.pollers = 2;
  AsynchronousEvents events(options, messages);
  HandRun run(events);
  run.feed(0, 2);
  CHECK(run.poll(0) == "a");
  CHECK(run.poll(0) == "b");
  CHECK(run.poll(0) == "");
  CHECK(run.due(0) == -1);
  run.succeed(0, 1);
  CHECK(run.poll(1) == "c");
  run.check_books();
}

TEST_CASE("a schedule makes its own events") {
  ScheduledEvents events({}, Schedule("rate(5 minutes)"), "nightly", kStart, 3);
  HandRun run(events);
  CHECK(run.due(0) == 300);
  CHECK(run.poll(299) == "");
  CHECK(events.size() == 0);
  CHECK_FALSE(run.poll(300).empty());
  std::string event;
  events.write_event(run.batch(0), kStart, event);
  const auto document = nlohmann::json::parse(event);
  CHECK(document["time"] == "2026-01-02T00:05:00Z");
  CHECK(document["detail-type"] == "Scheduled Event");
  CHECK(document["resources"][0] == "arn:aws:events:us-east-1:123456789012:rule/nightly");
  run.succeed(0, 301);
  CHECK_FALSE(run.poll(900).empty());  // two were due meanwhile
  CHECK_FALSE(run.poll(900).empty());
  run.fail(1, 901);
  run.succeed(2, 901);
  CHECK(run.due(901) == 961);
  CHECK_FALSE(run.poll(961).empty());
  run.succeed(3, 962);
  CHECK(run.due(962) == -1);  // three times
  CHECK(run.counts().fed == 3);
  CHECK(run.counts().succeeded == 3);
  run.check_books();
  events.restart();
  CHECK(run.due(0) == 300);
  CHECK(events.size() == 0);
}

TEST_CASE("a schedule may be due for the first time when it is told to") {
  ScheduledEvents events({}, Schedule("rate(5 minutes)"), "nightly", kStart, 0, 2 * kSecond);
  HandRun run(events);
  CHECK(run.due(0) == 2);
  CHECK_FALSE(run.poll(2).empty());
  run.succeed(0, 3);
  CHECK(run.due(3) == 300);  // and then as ever
  events.restart();
  CHECK(run.due(0) == 2);
}

}  // namespace
}  // namespace textlambda::sources
