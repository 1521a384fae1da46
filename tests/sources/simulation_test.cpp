#include "textlambda/sources/simulation.h"

#include <memory>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "textlambda/io/error.h"
#include "textlambda/sources/asynchronous_events.h"
#include "textlambda/sources/event_writer.h"
#include "textlambda/sources/sqs_queue.h"
#include "textlambda/sources/stream.h"

#include "tests/catch.h"
#include "tests/sources/hand_run.h"
#include "tests/sources/wrong_queue.h"

namespace textlambda::sources {
namespace {

void all_goes_well(const BatchView& /*batch*/, Reply& /*reply*/) {}

// A dozen messages in three groups.
Messages a_dozen() { return letters(12, {"g", "h", "g", "i", "h", "g", "g", "i", "i", "h", "g", "g"}); }

SimulationOptions schedules(std::uint64_t count, std::uint64_t seed = 1) {
  SimulationOptions options;
  options.schedules = count;
  options.seed = seed;
  return options;
}

// Nothing is wrong in any schedule, and enough happens for that to mean something.
void check_sound(EventSource& source, std::uint64_t count, bool always_rests) {
  const SimulationResult result = simulate(source, all_goes_well, schedules(count));
  if (result.broken) {
    INFO(schedule_file(*result.broken));
    FAIL("the books do not balance");
  }
  CHECK(result.schedules == count);
  if (always_rests) CHECK(result.unfinished == 0);
  CHECK(result.totals.fed >= count);
  CHECK(result.totals.failed > count / 4);
  CHECK(result.totals.throttled > count / 8);
  CHECK(result.totals.redelivered > count / 2);
  CHECK(result.totals.succeeded + result.totals.dead_lettered + result.totals.dropped == result.totals.fed);
}

TEST_CASE("the books of a queue balance in every schedule") {
  const Messages messages = a_dozen();
  SqsOptions options;
  options.batch_size = 4;
  options.max_receive_count = 3;
  SECTION("as it is by default") {}
  SECTION("one poller, a window") {
    options.pollers = 1;
    options.batching_window = 2 * kSecond;
  }
  SECTION("a visibility timeout shorter than invocations take") { options.visibility_timeout = kSecond; }
  SECTION("no dead letters") { options.max_receive_count = 0; }
  SECTION("one receive") { options.max_receive_count = 1; }
  SECTION("failures are not reported") { options.report_failures = false; }
  SECTION("FIFO") { options.fifo = true; }
  SECTION("FIFO, and in a hurry") {
    options.fifo = true;
    options.visibility_timeout = kSecond;
    options.batch_size = 2;
    options.pollers = 2;
  }
  SECTION("it drops what is old") { options.retention = 60 * kSecond; }
  SqsQueue queue(options, messages);
  check_sound(queue, 2000, true);
}

TEST_CASE("the books of a stream balance in every schedule") {
  const Messages messages = a_dozen();
  StreamOptions options;
  options.batch_size = 5;
  SECTION("as it is by default") {}
  SECTION("shards, lanes, retries") {
    options.shards = 2;
    options.parallelization = 2;
    options.max_retries = 2;
  }
  SECTION("bisecting") {
    options.bisect = true;
    options.max_retries = 1;
    options.has_destination = true;
  }
  SECTION("bisecting, failures not reported") {
    options.bisect = true;
    options.max_retries = 0;
    options.report_failures = false;
  }
  SECTION("it gives up what is old") {
    options.max_record_age = 60 * kSecond;
    options.has_destination = true;
  }
  SECTION("a window") { options.batching_window = 3 * kSecond; }
  Stream stream(options, messages);
  check_sound(stream, 2000, true);
}

TEST_CASE("the books of Kafka and of single events balance in every schedule") {
  Messages messages = a_dozen();
  for (std::size_t i = 0; i < messages.size(); ++i) {
    messages[i].topic = "t";
    messages[i].partition = static_cast<std::uint32_t>(i % 2);
    messages[i].offset = static_cast<std::int64_t>(i / 2);
    messages[i].id = "t-" + std::to_string(i % 2) + ":" + std::to_string(i / 2);
  }
  StreamOptions options;
  options.kind = StreamKind::kafka;
  options.shards = 2;
  options.max_retries = 2;
  Stream stream(options, messages);
  check_sound(stream, 1000, true);

  AsynchronousOptions one_by_one;
  one_by_one.pollers = 3;
  AsynchronousEvents events(one_by_one, messages);
  check_sound(events, 1000, true);
}

TEST_CASE("a schedule's own events balance too") {
  ScheduledEvents events({}, Schedule("rate(1 minute)"), "often", TrialOptions().start, 12);
  const SimulationResult result = simulate(events, all_goes_well, schedules(500));
  CHECK_FALSE(result.broken);
  CHECK(result.unfinished == 0);
  CHECK(result.totals.fed == 500 * 12);
}

TEST_CASE("wrong queues are found out, and the right one beside them is not") {
  struct MistakeRow {
    Mistake mistake;
    const char* fault;
  };
  const MistakeRow rows[] = {
      {Mistake::deletes_before_calling, "is handed out, and stands as succeeded"},
      {Mistake::ignores_failures, "counts as succeeded, and no answer said so"},
      {Mistake::deletes_on_malformed, "counts as succeeded, and no answer said so"},
      {Mistake::loses_on_error, "and nothing will bring it again"},
      {Mistake::forgets_throttled, "and nothing will bring it again"},
      {Mistake::deletes_twice, " to succeeded"},
      {Mistake::gives_up_early, "was given up after 3 of 4 attempts"},
      {Mistake::gives_up_late, "is received 5 times, of 4"},
      {Mistake::keeps_no_order, "is handed out before message"},
      {Mistake::counts_wrongly, ", but no function has anything"},
  };
  const Messages messages = letters(12);
  for (const MistakeRow& row : rows) {
    INFO(row.fault);
    WrongQueue queue(messages, row.mistake);
    const SimulationResult result = simulate(queue, all_goes_well, schedules(200));
    REQUIRE(result.broken);
    CHECK_THAT(result.broken->fault, Catch::Contains(row.fault));
    CHECK(result.schedules <= 100);

    // From its file, the same end.
    BrokenSchedule again = read_schedule_file(schedule_file(*result.broken), "x.json");
    CHECK(again.choices == result.broken->choices);
    run_again(queue, all_goes_well, again);
    CHECK(again.fault == result.broken->fault);
    CHECK(again.trace == result.broken->trace);
  }
  WrongQueue queue(messages, Mistake::none);
  const SimulationResult result = simulate(queue, all_goes_well, schedules(2000));
  CHECK_FALSE(result.broken);
}

// The very numbers: they are the same on every machine and in every version, or files of schedules mean nothing.
TEST_CASE("the same seed has the same end, to the byte") {
  const Messages messages = a_dozen();
  SqsOptions options;
  options.batch_size = 4;
  options.max_receive_count = 3;
  SqsQueue queue(options, messages);
  const auto trace_of = [&](std::uint64_t number) {
    Trial trial(queue, all_goes_well);
    Choices choices(7, number);
    std::vector<std::string> trace;
    trial.run(choices, &trace);
    return trace;
  };
  CHECK(trace_of(3) == trace_of(3));
  CHECK(trace_of(3) != trace_of(4));
  const SimulationResult result = simulate(queue, all_goes_well, schedules(1000, 7));
  const SimulationResult same = simulate(queue, all_goes_well, schedules(1000, 7));
  CHECK(result.totals == same.totals);
  CHECK(result.steps == same.steps);
  CHECK(result.totals.fed == 12'000);
  CHECK(result.steps == 22'368);
  CHECK(result.totals.delivered == 19'054);
  CHECK(result.totals.succeeded == 11'431);
  CHECK(result.totals.late == 889);
  std::string all;
  for (std::uint64_t number = 0; number < 50; ++number) {
    for (const std::string& line : trace_of(number)) all += line + "\n";
  }
  CHECK(md5_hex(all) == "8cbca61c5d703cc1c2d4b99c486c23c8");
}

TEST_CASE("a broken schedule is made small") {
  const Messages messages = letters(12);
  WrongQueue queue(messages, Mistake::loses_on_error);
  SimulationOptions options = schedules(100);
  options.shrink_runs = 0;
  const SimulationResult whole = simulate(queue, all_goes_well, options);
  options.shrink_runs = 2000;
  const SimulationResult small = simulate(queue, all_goes_well, options);
  REQUIRE(whole.broken);
  REQUIRE(small.broken);
  CHECK(small.broken->choices.size() < whole.broken->choices.size());
  const auto nonzero = [](const std::vector<std::uint32_t>& choices) {
    return std::count_if(choices.begin(), choices.end(), [](std::uint32_t choice) { return choice != 0; });
  };
  CHECK(nonzero(small.broken->choices) <= 2);
}

TEST_CASE("a function is asked with the event when it wants it, and its own failures count") {
  const Messages messages = letters(4);
  SqsOptions options;
  options.max_receive_count = 2;
  SqsQueue queue(options, messages);
  std::size_t events = 0;
  const SimulatedFunction function = function_of_events([&](std::string_view event) {
    ++events;
    Reply reply;
    // "c" never succeeds.
    if (event.find("body of c") != std::string_view::npos) {
      reply.body = R"({"batchItemFailures":[{"itemIdentifier":"c"}]})";
    }
    return reply;
  });
  const SimulationResult result = simulate(queue, function, schedules(200));
  CHECK_FALSE(result.broken);
  CHECK(result.unfinished == 0);
  CHECK(events > 200);
  CHECK(result.totals.dead_lettered >= 200);

  // Without a dead-letter queue it would come for ever: that is no fault of the queue's.
  options.max_receive_count = 0;
  SqsQueue patient(options, messages);
  SimulationOptions few = schedules(2);
  few.trial.most_steps = 2000;
  const SimulationResult endless = simulate(patient, function, few);
  CHECK_FALSE(endless.broken);
  CHECK(endless.unfinished == 2);
}

TEST_CASE("a simulation tells how far it is, and is stopped") {
  const Messages messages = letters(2);
  SqsQueue queue({}, messages);
  std::vector<std::uint64_t> told;
  const SimulationResult result = simulate(queue, all_goes_well, schedules(10'000), [&](std::uint64_t done) {
    told.push_back(done);
    return told.size() < 3;
  });
  CHECK(told == std::vector<std::uint64_t>{256, 512, 768});
  CHECK(result.schedules == 768);
}

TEST_CASE("files that are no schedules") {
  const std::vector<std::pair<std::string, const char*>> rows = {
      {"", "x.json: not valid JSON: empty"},
      {"[]", "x.json: is no schedule"},
      {R"({"format":"other","version":1})", "is no schedule: expected \"format\": \"textlambda-schedule\""},
      {R"({"format":"textlambda-schedule","version":2})", "is no schedule"},
      {R"({"format":"textlambda-schedule","version":1})", "\"seed\" is no whole number"},
  };
  for (const auto& [content, expected] : rows) {
    INFO(content);
    CHECK_THROWS_WITH(read_schedule_file(content, "x.json"), Catch::Contains(expected));
  }
  BrokenSchedule schedule;
  schedule.source = "orders=sqs:x";
  schedule.seed = UINT64_MAX;
  schedule.choices = {1, 0, 4294967295U};
  const std::string file = schedule_file(schedule);
  CHECK(nlohmann::json::parse(file)["seed"] == UINT64_MAX);
  CHECK(read_schedule_file(file, "x").choices == schedule.choices);
  CHECK(read_schedule_file(file, "x").source == schedule.source);
  std::string bad = file;
  bad.replace(bad.find("[1,0"), 4, "[-1,0");
  CHECK_THROWS_WITH(read_schedule_file(bad, "x"), Catch::Contains("\"choices\" is no list of whole numbers"));
}

}  // namespace
}  // namespace textlambda::sources
