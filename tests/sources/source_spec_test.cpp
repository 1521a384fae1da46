#include "textlambda/sources/source_spec.h"

#include <string>
#include <utility>
#include <vector>

#include "textlambda/io/error.h"

#include "tests/catch.h"
#include "tests/sources/hand_run.h"
#include "tests/temporary_folder.h"

namespace textlambda::sources {
namespace {

TEST_CASE("a source is written as one argument") {
  const SourceSpec queue = parse_source("orders=sqs:in/orders.jsonl,batch=5,max-receive=3,dead-letters=lost=1.jsonl");
  CHECK(queue.function == "orders");
  CHECK(queue.kind == SourceKind::sqs);
  CHECK(queue.what == "in/orders.jsonl");
  CHECK(queue.options == std::vector<std::pair<std::string, std::string>>{
                             {"batch", "5"}, {"max-receive", "3"}, {"dead-letters", "lost=1.jsonl"}});
  CHECK(queue.name() == "orders sqs");
  // The commas of a cron expression are its own.
  const SourceSpec schedule = parse_source("nightly=schedule:cron(0,30 3 ? * MON,FRI *),times=2");
  CHECK(schedule.what == "cron(0,30 3 ? * MON,FRI *)");
  CHECK(schedule.options.size() == 1);
  CHECK(parse_source("f=events:folder").kind == SourceKind::events);
}

TEST_CASE("what is wrong with a source is named") {
  const std::vector<std::pair<const char*, const char*>> rows = {
      {"", "expected NAME=KIND:WHAT, such as orders=sqs:orders.jsonl,batch=10"},
      {"sqs:orders.jsonl", "expected NAME=KIND:WHAT"},
      {"=sqs:orders.jsonl", "expected NAME=KIND:WHAT"},
      {"f=sqs", "expected NAME=KIND:WHAT"},
      {"f=sqs:", "expected NAME=KIND:WHAT"},
      {"f=sns:x", "\"sns\" is no kind of source: expected sqs, kinesis, dynamodb, kafka, schedule, events"},
      {"f=sqs:x,bach=3",
       "\"bach\" is no option of sqs: expected batch, window, visibility, max-receive, dead-letters, "
       "retention, pollers, fifo, queue, failures, filter; did you mean batch?"},
      {"f=kinesis:x,visibility=3", "\"visibility\" is no option of kinesis"},
      {"f=sqs:x,batch", "batch=: expected a whole number from 0 on"},
      {"f=sqs:x,batch=ten", "batch=ten: expected a whole number from 0 on"},
      {"f=sqs:x,batch=-1", "batch=-1: expected a whole number from 0 on"},
      {"f=sqs:x,window=1s", "window=1s: expected seconds, from 0 on"},
      {"f=sqs:x,window=nan", "window=nan: expected seconds, from 0 on"},
      {"f=sqs:x,fifo=true", "fifo=true: expected yes or no"},
      {"f=sqs:x,dead-letters=", "dead-letters=: expected a name"},
      {"f=sqs:x,batch=1,batch=2", "batch is given twice"},
      {"f=kinesis:x,start=now", "start=now: expected trim-horizon, latest or a time such as 2026-01-02T03:04:05Z"},
      {"f=events:x,pace=fast", "pace=fast: expected recorded or none"},
      {"f=schedule:hourly", "\"hourly\" is no schedule"},
      {"f=schedule:cron(0 10 * * ? *),times=x", "times=x: expected a whole number"},
  };
  for (const auto& [text, expected] : rows) {
    INFO(text);
    try {
      parse_source(text);
      FAIL("was taken");
    } catch (const io::Error& error) {
      CHECK(error.kind() == io::ErrorKind::usage);
      CHECK_THAT(error.what(), Catch::Contains(expected));
    }
  }
}

TEST_CASE("a source is opened with its options") {
  const TemporaryFolder folder;
  const std::string file = folder.write("in.jsonl", "one\ntwo\nthree\n");
  OpenSource queue =
      open_source(parse_source("orders=sqs:" + file + ",batch=2,visibility=7,max-receive=1,dead-letters=x"), kStart);
  CHECK(queue.dead_letters == "x");
  REQUIRE(queue.messages->size() == 3);
  for (Item item = 0; item < 3; ++item) queue.source->feed(item, kStart);
  Batch batch;
  REQUIRE(queue.source->poll(kStart, batch));
  CHECK(batch.deliveries.size() == 2);
  CHECK(queue.source->next_due(kStart) == kStart);
  CHECK(queue.source->attempts_before_giving_up() == 1);
  std::string event;
  queue.source->write_event(batch, kStart, event);
  CHECK_THAT(event, Catch::Contains("arn:aws:sqs:us-east-1:123456789012:messages\""));

  // A queue whose messages all have a group is a FIFO queue, unless it is said not to be.
  const std::string groups = folder.write("groups.jsonl", R"({"body": "a", "group": "g"})");
  OpenSource fifo = open_source(parse_source("orders=sqs:" + groups), kStart);
  CHECK(fifo.source->order_of(0) == 0);
  OpenSource fair = open_source(parse_source("orders=sqs:" + groups + ",fifo=no"), kStart);
  CHECK(fair.source->order_of(0) == kNoOrder);

  const std::string filter = folder.write("filter.json", R"({"Filters": [{"Pattern": {"data": ["two"]}}]})");
  OpenSource stream = open_source(parse_source("f=kinesis:" + file + ",shards=1,filter=" + filter), kStart);
  for (Item item = 0; item < 3; ++item) stream.source->feed(item, kStart);
  REQUIRE(stream.source->poll(kStart, batch));
  CHECK(batch.deliveries.size() == 1);
  CHECK(stream.source->books().counts().filtered == 2);

  OpenSource schedule = open_source(parse_source("f=schedule:rate(1 minute)"), kStart);
  CHECK(schedule.source->next_due(kStart) == kStart + 60 * kSecond);

  CHECK_THROWS_WITH(open_source(parse_source("f=sqs:" + file + ",dead-letters=x"), kStart),
                    "dead-letters needs max-receive: how often a message is received before it is one");
  CHECK_THROWS_WITH(open_source(parse_source("f=sqs:" + file + ",batch=0"), kStart),
                    Catch::Contains("a batch of 0: expected 1 to 10000"));
  CHECK_THROWS_AS(open_source(parse_source("f=sqs:" + folder.path("missing")), kStart), io::Error);
  CHECK_THROWS_WITH(open_source(parse_source("f=kinesis:" + file + ",on-failure=" + file), kStart),
                    Catch::Contains("what is given up would be appended to what is read"));

  // The first of the messages alone; a schedule without an end is due that often.
  CHECK(open_source(parse_source("f=sqs:" + file), kStart, 2).source->size() == 2);
  OpenSource few = open_source(parse_source("f=schedule:rate(1 minute)"), kStart, 1);
  REQUIRE(few.source->poll(kStart + 3600 * kSecond, batch));
  few.source->settle(batch, Verdict(), kStart + 3600 * kSecond);
  CHECK(few.source->next_due(kStart + 3600 * kSecond) == kNever);
}

TEST_CASE("recorded events come as far apart as they were") {
  const TemporaryFolder folder;
  const std::string file = folder.write("e.jsonl", R"({"event": {"text": "a"}, "time": "2026-01-01T00:00:01Z"})"
                                                   "\n"
                                                   R"({"event": {"text": "b"}, "time": "2026-01-01T00:00:03.5Z"})"
                                                   "\n");
  OpenSource recorded = open_source(parse_source("f=events:" + file + ",pace=recorded"), kStart);
  CHECK(recorded.feed_after == std::vector<Nanoseconds>{0, 2500 * kMillisecond});
  CHECK(open_source(parse_source("f=events:" + file), kStart).feed_after.empty());
  const std::string bare = folder.write("bare.jsonl", "{\"text\": \"a\"}\n{\"text\": \"b\"}\n");
  CHECK_THROWS_WITH(open_source(parse_source("f=events:" + bare + ",pace=recorded"), kStart),
                    Catch::Contains("has no time"));
}

TEST_CASE("every option is in the help") {
  const std::string help = option_help();
  for (const char* const option :
       {"batch=N", "visibility=SECONDS", "bisect=yes|no", "filter=FILE", "times=N", "pace="}) {
    CHECK_THAT(help, Catch::Contains(option));
  }
}

}  // namespace
}  // namespace textlambda::sources
