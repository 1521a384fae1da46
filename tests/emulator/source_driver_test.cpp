#include "textlambda/emulator/source_driver.h"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <vector>

#include "textlambda/io/error.h"
#include "textlambda/sources/source_spec.h"

#include "tests/catch.h"
#include "tests/temporary_folder.h"

namespace textlambda::emulator {
namespace {

using sources::BooksRow;

// A function that fails as it is told to, and what it was asked.
struct Script {
  std::vector<std::string> events;
  std::vector<DriverOutcome> outcomes;  // one call after the other; then successes
  bool pauses = false;
  std::size_t running = 0;
  std::size_t most_at_a_time = 0;

  static Awaitable<DriverOutcome> answer(asio::io_context& context, Script& script, std::string event) {
    DriverOutcome outcome;
    if (script.events.size() < script.outcomes.size()) outcome = script.outcomes[script.events.size()];
    script.events.push_back(std::move(event));
    script.most_at_a_time = std::max(script.most_at_a_time, ++script.running);
    if (script.pauses) {
      asio::steady_timer pause(context);
      pause.expires_after(std::chrono::milliseconds(20));
      boost::system::error_code ignored;
      co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }
    --script.running;
    if (outcome.answer == "throw") throw std::runtime_error("out of descriptors");
    co_return outcome;
  }
};

class DriverRun {
 public:
  DriverRun(const std::string& spec, Script& script, double time_scale = 0) {
    const sources::Nanoseconds start = SourceDriver::start_now();
    DriverInvoke invoke = [this, &script](std::string event) {
      return Script::answer(context_, script, std::move(event));
    };
    DriverOptions options;
    options.time_scale = time_scale;
    options.note = [this](const std::string& line) { notes.push_back(line); };
    driver_ = std::make_shared<SourceDriver>(context_, sources::open_source(sources::parse_source(spec), start), start,
                                             std::move(invoke), std::move(options));
  }

  void run() {
    driver_->start();
    context_.run();
  }
  void stop_after(std::chrono::milliseconds time) {
    timer_.expires_after(time);
    timer_.async_wait([this](const boost::system::error_code&) { driver_->stop(); });
  }

  BooksRow books() const { return driver_->books(); }
  bool is_finished() const { return driver_->is_finished(); }

  std::vector<std::string> notes;

 private:
  asio::io_context context_{1};
  asio::steady_timer timer_{context_};
  std::shared_ptr<SourceDriver> driver_;
};

std::size_t lines_in(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

TEST_CASE("a queue is driven to its end, and what never succeeds is in the file of dead letters") {
  const TemporaryFolder folder;
  const std::string file = folder.write("in.jsonl", R"({"messageId": "a", "body": "one"})"
                                                    "\n"
                                                    R"({"messageId": "b", "body": "two"})"
                                                    "\n");
  const std::string failed = R"({"batchItemFailures":[{"itemIdentifier":"b"}]})";
  Script script;
  script.outcomes = {{"", false, true}, {failed}, {failed}};
  DriverRun run("orders=sqs:" + file + ",max-receive=2,dead-letters=" + folder.path("lost.jsonl"), script);
  run.run();
  CHECK(run.is_finished());
  const BooksRow books = run.books();
  CHECK(books.name == "orders sqs");
  CHECK(books.fault == "");
  CHECK(books.counts.succeeded == 1);
  CHECK(books.counts.dead_lettered == 1);
  CHECK(books.counts.throttled == 2);
  CHECK(script.events.size() == 3);
  CHECK(script.events[0].find("\"body\":\"one\"") != std::string::npos);
  CHECK(script.events[2].find("\"body\":\"one\"") == std::string::npos);
  const std::string lost = folder.read("lost.jsonl");
  CHECK(lines_in(lost) == 1);
  CHECK(lost.find(R"("messageId":"b")") != std::string::npos);
}

TEST_CASE("failures of all kinds come again, on a real clock made fast") {
  const TemporaryFolder folder;
  const std::string file = folder.write("in.jsonl", "one\ntwo\nthree\n");
  Script script;
  script.pauses = true;
  script.outcomes = {
      {R"({"errorType":"X","errorMessage":"no"})", true}, {"throw"}, {"no JSON"}, {R"({"BatchItemFailures":[]})"}};
  DriverRun run("orders=sqs:" + file + ",visibility=30", script, 0.001);
  run.run();
  CHECK(run.is_finished());
  CHECK(run.books().fault == "");
  CHECK(run.books().counts.succeeded == 3);
  CHECK(run.books().counts.failed == 9);
  REQUIRE(run.notes.size() == 4);
  CHECK(run.notes[0] == "orders sqs: a batch of 3 failed: X: no");
  CHECK(run.notes[1] == "orders sqs: a batch of 3 failed: Runtime.Unknown: out of descriptors");
  CHECK(run.notes[2] == "orders sqs: a batch of 3 failed: the answer is not valid JSON");
  CHECK_THAT(run.notes[3], Catch::Contains("BatchItemFailures"));
}

TEST_CASE("batches run at a time, and a stop waits for what is with the function") {
  const TemporaryFolder folder;
  std::string lines;
  for (int i = 0; i < 40; ++i) lines += "text\n";
  const std::string file = folder.write("in.jsonl", lines);
  Script script;
  script.pauses = true;
  DriverRun run("orders=sqs:" + file + ",batch=1,pollers=4", script, 1);
  run.stop_after(std::chrono::milliseconds(50));
  run.run();
  CHECK(run.is_finished());
  const BooksRow books = run.books();
  CHECK(books.fault == "");
  CHECK(books.counts.running == 0);
  CHECK(books.counts.succeeded == script.events.size());
  CHECK(books.counts.waiting == 40 - script.events.size());
  // How many rounds fit into the time is the machine's affair; how many run together is not.
  CHECK(script.most_at_a_time == 4);
  CHECK(script.running == 0);
}

TEST_CASE("a schedule and recorded events come at their times") {
  const TemporaryFolder folder;
  Script script;
  DriverRun schedule("nightly=schedule:rate(1 day),times=3", script);
  schedule.run();
  CHECK(script.events.size() == 3);
  CHECK(schedule.books().counts.succeeded == 3);
  const std::string file = folder.write("e.jsonl", R"({"event": {"text": "a"}, "time": "2026-01-01T00:00:00Z"})"
                                                   "\n"
                                                   R"({"event": {"text": "b"}, "time": "2026-01-01T10:00:00Z"})"
                                                   "\n");
  Script recorded;
  DriverRun events("f=events:" + file + ",pace=recorded", recorded);
  events.run();
  CHECK(recorded.events == std::vector<std::string>{R"({"text": "a"})", R"({"text": "b"})"});
  CHECK(events.books().fault == "");
}

TEST_CASE("a file of dead letters that cannot be written is told at once") {
  const TemporaryFolder folder;
  const std::string file = folder.write("in.jsonl", "one\n");
  Script script;
  CHECK_THROWS_AS(DriverRun("f=sqs:" + file + ",max-receive=1,dead-letters=" + folder.path("no/such/folder"), script),
                  io::Error);
}

}  // namespace
}  // namespace textlambda::emulator
