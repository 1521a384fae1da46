#include "textlambda/sources/sqs_queue.h"

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "textlambda/io/error.h"
#include "textlambda/sources/event_writer.h"

#include "tests/catch.h"
#include "tests/sources/hand_run.h"

namespace textlambda::sources {
namespace {

SqsOptions queue_options() {
  SqsOptions options;
  options.visibility_timeout = 30 * kSecond;
  return options;
}

TEST_CASE("a batch is deleted only once its function has answered") {
  const Messages messages = letters(3);
  SqsQueue queue(queue_options(), messages);
  HandRun run(queue);
  CHECK(run.due(0) == -1);
  run.feed(0, 2);
  CHECK(run.due(0) == 0);
  CHECK(run.poll(0) == "abc");
  CHECK(run.counts().in_flight == 3);
  CHECK(run.counts().succeeded == 0);
  run.check_books();
  run.succeed(0, 1);
  CHECK(run.counts().succeeded == 3);
  CHECK(run.due(1) == -1);
  CHECK(run.poll(100) == "");
  run.check_books();
}

TEST_CASE("what failed comes again after the visibility timeout, and not before") {
  const Messages messages = letters(3);
  SqsQueue queue(queue_options(), messages);
  HandRun run(queue);
  run.feed(0, 2);
  CHECK(run.poll(0) == "abc");
  run.succeed(0, 1, {1});  // b failed
  CHECK(run.counts().succeeded == 2);
  CHECK(run.counts().failed == 1);
  CHECK(run.standing(1) == Standing::waiting);
  CHECK(run.poll(29.999) == "");
  CHECK(run.due(29.999) == 30);
  CHECK(run.poll(30) == "b");
  CHECK(run.batch(1).deliveries[0].receive == 2);
  run.fail(1, 31);
  CHECK(run.poll(60) == "b");
  run.succeed(2, 61);
  CHECK(run.counts().succeeded == 3);
  CHECK(run.counts().redelivered == 2);
  run.check_books();
}

TEST_CASE("after its last receive a message goes to the dead letters") {
  const Messages messages = letters(1);
  SqsOptions options = queue_options();
  options.max_receive_count = 2;
  SqsQueue queue(options, messages);
  std::vector<std::string> dead;
  queue.send_dead_letters_to([&](std::string&& line) { dead.push_back(std::move(line)); });
  HandRun run(queue);
  run.feed(0, 0);
  CHECK(run.poll(0) == "a");
  run.fail(0, 1);
  CHECK(run.poll(30) == "a");
  run.fail(1, 31);
  CHECK(dead.empty());  // until the queue would give it out once more
  CHECK(run.poll(60) == "");
  CHECK(run.standing(0) == Standing::dead_lettered);
  REQUIRE(dead.size() == 1);
  const auto letter = nlohmann::json::parse(dead[0]);
  CHECK(letter["messageId"] == "a");
  CHECK(letter["body"] == "body of a");
  CHECK(letter["attributes"]["ApproximateReceiveCount"] == "2");
  CHECK(run.due(60) == -1);
  run.check_books();
}

TEST_CASE("a late answer deletes by the last receipt alone") {
  const Messages messages = letters(1);
  SqsQueue queue(queue_options(), messages);
  HandRun run(queue);
  run.feed(0, 0);
  CHECK(run.poll(0) == "a");
  SECTION("it has been received again: the first answer deletes nothing, the second does") {
    CHECK(run.poll(30) == "a");
    run.succeed(0, 31);
    CHECK(run.standing(0) == Standing::in_flight);
    CHECK(run.counts().late == 1);
    run.succeed(1, 32);
    CHECK(run.standing(0) == Standing::succeeded);
    CHECK(run.counts().succeeded == 1);
  }
  SECTION("the first answer comes behind the second") {
    CHECK(run.poll(30) == "a");
    run.succeed(1, 31);
    run.succeed(0, 32);
    CHECK(run.counts().succeeded == 1);
    CHECK(run.counts().late == 1);
  }
  SECTION("it is visible again, but nobody has received it: its receipt is still the last") {
    CHECK(run.due(31) == 31);
    run.succeed(0, 31);
    CHECK(run.standing(0) == Standing::succeeded);
    CHECK(run.poll(32) == "");
  }
  SECTION("a late failure changes nothing") {
    CHECK(run.poll(30) == "a");
    run.fail(0, 31);
    CHECK(run.standing(0) == Standing::in_flight);
    run.succeed(1, 32);
    CHECK(run.standing(0) == Standing::succeeded);
  }
  CHECK(run.poll(1000) == "");
  run.check_books();
}

TEST_CASE("a throttled batch is tried again by its poller, which is no receive") {
  const Messages messages = letters(2);
  SqsOptions options = queue_options();
  options.max_receive_count = 2;
  options.pollers = 1;
  SqsQueue queue(options, messages);
  HandRun run(queue);
  run.feed(0, 1);
  CHECK(run.poll(0) == "ab");
  run.throttle(0, 0);
  CHECK(run.poll(0.999) == "");
  CHECK(run.due(0.999) == 1);
  CHECK(run.poll(1) == "ab");  // then after two seconds, four …
  CHECK(run.batch(1).deliveries[0].receive == 1);
  run.throttle(1, 1);
  CHECK(run.poll(2.999) == "");
  CHECK(run.poll(3) == "ab");
  run.throttle(2, 3);
  CHECK(run.poll(7) == "ab");
  run.throttle(3, 7);
  CHECK(run.poll(15) == "ab");
  run.throttle(4, 15);
  // The next try would be at 31 s: the visibility timeout is over before it, and with it the poller's hold.
  CHECK(run.due(15) == 30);
  CHECK(run.poll(30) == "ab");
  CHECK(run.batch(5).deliveries[0].receive == 2);
  run.throttle(5, 30);
  CHECK(run.counts().throttled == 12);
  CHECK(run.counts().failed == 0);
  CHECK(run.counts().received == 4);
  run.check_books();
  // Throttling alone fills the dead-letter queue in the end.
  CHECK(run.poll(31) == "ab");
  run.throttle(6, 61);
  CHECK(run.poll(61) == "");
  CHECK(run.counts().dead_lettered == 2);
  run.check_books();
}

TEST_CASE("as many batches at a time as there are pollers") {
  const Messages messages = letters(5);
  SqsOptions options = queue_options();
  options.batch_size = 2;
  options.pollers = 2;
  SqsQueue queue(options, messages);
  HandRun run(queue);
  run.feed(0, 4);
  CHECK(run.poll(0) == "ab");
  CHECK(run.poll(0) == "cd");
  CHECK(run.poll(0) == "");
  CHECK(run.due(0) == 30);
  run.succeed(1, 1);
  CHECK(run.poll(1) == "e");
  run.check_books();
}

TEST_CASE("a batch that is not full waits for its window, one that is does not") {
  const Messages messages = letters(4);
  SqsOptions options = queue_options();
  options.batch_size = 3;
  options.batching_window = 2 * kSecond;
  SqsQueue queue(options, messages);
  HandRun run(queue);
  run.feed(0, 0, 0);
  run.feed(1, 1, 1);
  CHECK(run.poll(1) == "");
  CHECK(run.due(1) == 2);
  run.feed(2, 2, 1.5);
  CHECK(run.poll(1.5) == "abc");
  run.feed(3, 3, 10);
  CHECK(run.poll(11.9) == "");
  CHECK(run.poll(12) == "d");
  run.check_books();
}

TEST_CASE("in a FIFO queue a group stands still behind what is out or has failed") {
  const Messages messages = letters(6, {"g", "h", "g", "g", "h", "g"});
  SqsOptions options = queue_options();
  options.fifo = true;
  options.batch_size = 2;
  SqsQueue queue(options, messages);
  HandRun run(queue);
  run.feed(0, 5);
  CHECK(run.poll(0) == "ac");  // of one group, in order
  CHECK(run.poll(0) == "be");
  CHECK(run.poll(0) == "");  // both groups are out
  run.succeed(1, 1);
  CHECK(run.poll(1) == "");
  run.succeed(0, 1, {1});  // c failed: d waits for it
  CHECK(run.poll(2) == "");
  CHECK(run.poll(30) == "cd");
  run.succeed(2, 31);
  CHECK(run.poll(31) == "f");
  run.succeed(3, 32);
  CHECK(run.counts().succeeded == 6);
  run.check_books();
}

TEST_CASE("messages that are added while it runs come behind the others") {
  for (const bool fifo : {false, true}) {
    const Messages all = letters(5, {"g", "h", "g", "i", "h"});
    Messages messages(all.begin(), all.begin() + 2);
    SqsOptions options = queue_options();
    options.fifo = fifo;
    SqsQueue queue(options, messages);
    HandRun run(queue);
    run.feed(0, 1);
    CHECK(run.poll(0) == "ab");
    messages.insert(messages.end(), all.begin() + 2, all.end());
    queue.grow();
    CHECK(queue.size() == 5);
    run.feed(2, 4, 1);
    CHECK(run.poll(1) == (fifo ? "d" : "cde"));  // the groups g and h are out
    run.succeed(0, 2);
    CHECK(run.poll(2) == (fifo ? "ce" : ""));
    run.succeed(1, 3);
    if (fifo) run.succeed(2, 3);
    CHECK(run.counts().succeeded == 5);
    run.check_books();
  }
}

TEST_CASE("a FIFO queue takes no receipt whose timeout is over, and a dead letter frees its group") {
  const Messages messages = letters(2, {"g", "g"});
  SqsOptions options = queue_options();
  options.fifo = true;
  options.batch_size = 1;
  options.max_receive_count = 2;
  SqsQueue queue(options, messages);
  HandRun run(queue);
  run.feed(0, 1);
  CHECK(run.poll(0) == "a");
  run.succeed(0, 30);
  CHECK(run.counts().late == 1);
  CHECK(run.standing(0) == Standing::in_flight);  // until the queue is looked at
  CHECK(run.poll(30) == "a");
  run.fail(1, 31);
  CHECK(run.poll(60) == "b");
  CHECK(run.standing(0) == Standing::dead_lettered);
  run.succeed(2, 61);
  CHECK(run.counts().succeeded == 1);
  run.check_books();
}

TEST_CASE("the queue drops what is too old, and deletes what no filter matches") {
  Messages messages = letters(3);
  messages[0].body = R"({"kind": "order"})";
  messages[1].body = R"({"kind": "note"})";
  messages[2].body = R"({"kind": "order"})";
  const Filters filters(R"({"Filters": [{"Pattern": "{\"body\": {\"kind\": [\"order\"]}}"}]})", "filters.json");
  SqsOptions options = queue_options();
  options.retention = 60 * kSecond;
  options.filters = &filters;
  SqsQueue queue(options, messages);
  HandRun run(queue);
  run.feed(0, 1);
  CHECK(run.poll(0) == "a");
  CHECK(run.standing(1) == Standing::filtered);
  run.fail(0, 1);
  run.feed(2, 2, 59);
  CHECK(run.poll(60) == "c");
  CHECK(run.standing(0) == Standing::dropped);
  run.succeed(1, 61);
  CHECK(run.counts().filtered == 1);
  CHECK(run.counts().dropped == 1);
  CHECK(run.counts().succeeded == 1);
  run.check_books();
}

TEST_CASE("a batch is no larger than an invocation takes") {
  Messages messages = letters(3);
  for (Message& message : messages) message.body.assign(3'000'000, 'x');
  SqsQueue queue(queue_options(), messages);
  HandRun run(queue);
  run.feed(0, 2);
  CHECK(run.poll(0) == "ab");
  CHECK(run.poll(0) == "c");
  std::string event;
  queue.write_event(run.batch(0), kStart, event);
  CHECK(event.size() <= kMostEventBytes);
}

TEST_CASE("options that AWS refuses") {
  const auto refused = [](void (*change)(SqsOptions&)) {
    SqsOptions options;
    change(options);
    try {
      validate(options);
    } catch (const io::Error& error) {
      return std::string(error.what());
    }
    return std::string("taken");
  };
  CHECK(refused([](SqsOptions&) {}) == "taken");
  CHECK(refused([](SqsOptions& o) { o.batch_size = 0; }) == "a batch of 0: expected 1 to 10000");
  CHECK(refused([](SqsOptions& o) { o.batch_size = 11; }) ==
        "a batch of more than 10 messages needs a batching window of 1 s at least");
  CHECK(refused([](SqsOptions& o) {
          o.batch_size = 11;
          o.batching_window = kSecond;
        }) == "taken");
  CHECK(refused([](SqsOptions& o) {
          o.fifo = true;
          o.batch_size = 11;
        }) == "a batch of 11: expected 1 to 10");
  CHECK(refused([](SqsOptions& o) { o.batching_window = 301 * kSecond; }) ==
        "a batching window of 301 s: expected 0 to 300");
  CHECK(refused([](SqsOptions& o) { o.visibility_timeout = 0; }) == "a visibility timeout of 0 s: expected 1 to 43200");
  CHECK(refused([](SqsOptions& o) { o.max_receive_count = 1001; }) ==
        "a largest receive count of 1001: expected 0 to 1000");
  CHECK(refused([](SqsOptions& o) { o.pollers = 0; }) == "a number of pollers of 0: expected 1 to 2000");
  SqsOptions fifo;
  fifo.fifo = true;
  const Messages messages = letters(2, {"g", ""});
  CHECK_THROWS_WITH(SqsQueue(fifo, messages), "message b has no MessageGroupId, as a FIFO queue needs");
}

}  // namespace
}  // namespace textlambda::sources
