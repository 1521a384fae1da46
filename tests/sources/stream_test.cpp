#include "textlambda/sources/stream.h"

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "textlambda/io/error.h"
#include "textlambda/sources/partition.h"

#include "tests/catch.h"
#include "tests/sources/hand_run.h"

namespace textlambda::sources {
namespace {

using nlohmann::json;

StreamOptions stream_options() {
  StreamOptions options;
  options.batch_size = 10;
  return options;
}

TEST_CASE("a shard has one batch at a time, in order") {
  const Messages messages = letters(5, {"k", "k", "k", "k", "k"});
  StreamOptions options = stream_options();
  options.batch_size = 3;
  Stream stream(options, messages);
  HandRun run(stream);
  run.feed(0, 4);
  CHECK(run.poll(0) == "abc");
  CHECK(run.poll(0) == "");
  CHECK(run.due(0) == -1);
  run.succeed(0, 1);
  CHECK(run.poll(1) == "de");
  run.succeed(1, 2);
  CHECK(run.counts().succeeded == 5);
  CHECK(run.due(2) == -1);
  run.check_books();
}

TEST_CASE("the checkpoint is the lowest failure: what stands behind it comes again") {
  const Messages messages = letters(4, {"k", "k", "k", "k"});
  Stream stream(stream_options(), messages);
  HandRun run(stream);
  run.feed(0, 3);
  CHECK(run.poll(0) == "abcd");
  run.succeed(0, 1, {1, 3});
  CHECK(run.counts().succeeded == 1);
  CHECK(run.counts().failed == 3);
  CHECK(run.poll(1.5) == "");  // after a pause
  CHECK(run.due(1.5) == 2);
  CHECK(run.poll(2) == "bcd");
  CHECK(run.batch(1).deliveries[0].receive == 2);
  run.succeed(1, 3);
  CHECK(run.counts().succeeded == 4);
  run.check_books();
}

TEST_CASE("a batch is given up after its retries, with a record that says where it is") {
  Messages messages = letters(3, {"k", "k", "k"});
  StreamOptions options = stream_options();
  options.max_retries = 2;
  options.has_destination = true;
  options.account.function = "orders";
  Stream stream(options, messages);
  std::vector<json> records;
  stream.send_dead_letters_to([&](std::string&& line) { records.push_back(json::parse(line)); });
  HandRun run(stream);
  run.feed(0, 2);
  // a succeeds; the invocation that moves the checkpoint is the first of the three that the rest has.
  CHECK(run.poll(0) == "abc");
  run.succeed(0, 0.5, {1});
  CHECK(run.poll(2) == "bc");
  run.fail(1, 3);
  CHECK(run.poll(10) == "bc");
  CHECK(records.empty());
  run.fail(2, 11);
  CHECK(run.counts().dead_lettered == 2);
  CHECK(run.counts().succeeded == 1);
  REQUIRE(records.size() == 1);
  // As AWS documents it: https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
  const json& record = records[0];
  CHECK(record["requestContext"]["condition"] == "RetryAttemptsExhausted");
  CHECK(record["requestContext"]["approximateInvokeCount"] == 3);
  CHECK(record["requestContext"]["functionArn"] == "arn:aws:lambda:us-east-1:123456789012:function:orders");
  CHECK(record["requestContext"]["requestId"].get<std::string>().size() == 36);
  CHECK(record["responseContext"] ==
        json({{"statusCode", 200}, {"executedVersion", "$LATEST"}, {"functionError", "Unhandled"}}));
  CHECK(record["version"] == "1.0");
  CHECK(record["timestamp"] == "2026-01-02T00:00:11.000Z");
  CHECK(record["KinesisBatchInfo"] == json({{"shardId", "shardId-000000000000"},
                                            {"startSequenceNumber", "b"},
                                            {"endSequenceNumber", "c"},
                                            {"approximateArrivalOfFirstRecord", "2026-01-02T00:00:00.000Z"},
                                            {"approximateArrivalOfLastRecord", "2026-01-02T00:00:00.000Z"},
                                            {"batchSize", 2},
                                            {"streamArn", "arn:aws:kinesis:us-east-1:123456789012:stream/messages"}}));
  CHECK(record.size() == 5);
  run.check_books();
}

TEST_CASE("a record has its retries to itself, however often one before it has failed") {
  const Messages messages = letters(2, {"k", "k"});
  StreamOptions options = stream_options();
  options.max_retries = 2;
  Stream stream(options, messages);
  HandRun run(stream);
  run.feed(0, 1);
  CHECK(run.poll(0) == "ab");
  run.fail(0, 0);
  CHECK(run.poll(10) == "ab");
  run.fail(1, 10);
  CHECK(run.poll(20) == "ab");
  run.succeed(2, 20, {1});  // a succeeds at its last attempt; b has failed once
  CHECK(run.poll(30) == "b");
  run.fail(3, 30);
  CHECK(run.poll(40) == "b");
  run.fail(4, 40);
  CHECK(run.standing(0) == Standing::succeeded);
  CHECK(run.standing(1) == Standing::dropped);
  run.check_books();
}

TEST_CASE("without a destination it is dropped, and with no retries at once") {
  const Messages messages = letters(2, {"k", "k"});
  StreamOptions options = stream_options();
  options.max_retries = 0;
  Stream stream(options, messages);
  HandRun run(stream);
  run.feed(0, 1);
  CHECK(run.poll(0) == "ab");
  run.fail(0, 1);
  CHECK(run.counts().dropped == 2);
  CHECK(run.due(1) == -1);
  run.check_books();
}

TEST_CASE("bisecting finds the bad record, and cuts count as no retry") {
  const Messages messages = letters(8, std::vector<std::string>(8, "k"));
  StreamOptions options = stream_options();
  options.bisect = true;
  options.max_retries = 1;
  Stream stream(options, messages);
  HandRun run(stream);
  run.feed(0, 7);
  // f is bad: whatever has it fails.
  std::vector<std::string> batches;
  double now = 0;
  for (std::size_t i = 0; i < 40 && run.due(now) >= 0; ++i) {
    now = run.due(now);
    const std::string ids = run.poll(now);
    REQUIRE(!ids.empty());
    batches.push_back(ids);
    if (ids.find('f') != std::string::npos) {
      run.fail(batches.size() - 1, now);
    } else {
      run.succeed(batches.size() - 1, now);
    }
  }
  CHECK(batches == std::vector<std::string>{"abcdefgh", "abcd", "efgh", "ef", "e", "f", "f", "gh"});
  CHECK(run.standing(5) == Standing::dropped);
  CHECK(run.counts().succeeded == 7);
  run.check_books();
}

TEST_CASE("a throttled batch is tried again without end, and none of it counts as a retry") {
  const Messages messages = letters(1, {"k"});
  StreamOptions options = stream_options();
  options.max_retries = 0;
  Stream stream(options, messages);
  HandRun run(stream);
  run.feed(0, 0);
  double now = 0;
  for (std::size_t i = 0; i < 20; ++i) {
    now = run.due(now);
    CHECK(run.poll(now) == "a");
    run.throttle(i, now);
  }
  now = run.due(now);
  CHECK(run.poll(now) == "a");
  run.succeed(20, now);
  CHECK(run.counts().throttled == 20);
  CHECK(run.counts().failed == 0);
  CHECK(run.counts().succeeded == 1);
  run.check_books();
}

TEST_CASE("what is too old is given up, whether it was tried or not") {
  const Messages messages = letters(3, {"k", "k", "k"});
  StreamOptions options = stream_options();
  options.max_record_age = 60 * kSecond;
  options.has_destination = true;
  Stream stream(options, messages);
  std::vector<json> records;
  stream.send_dead_letters_to([&](std::string&& line) { records.push_back(json::parse(line)); });
  HandRun run(stream);
  run.feed(0, 0, 0);
  run.feed(1, 2, 30);
  CHECK(run.poll(30) == "abc");
  run.fail(0, 59);
  CHECK(run.poll(60.5) == "bc");
  REQUIRE(records.size() == 1);
  CHECK(records[0]["requestContext"]["condition"] == "RecordAgeExceeded");
  CHECK(records[0]["KinesisBatchInfo"]["batchSize"] == 1);
  run.succeed(1, 61);
  CHECK(run.counts().dead_lettered == 1);
  CHECK(run.counts().succeeded == 2);
  run.check_books();
  SECTION("never invoked") {
    stream.restart();
    records.clear();
    run.feed(0, 0, 0);
    CHECK(run.poll(61) == "");
    REQUIRE(records.size() == 1);
    CHECK_FALSE(records[0].contains("responseContext"));
    CHECK(records[0]["requestContext"]["approximateInvokeCount"] == 0);
    run.check_books();
  }
}

TEST_CASE("keys share out shards and lanes, each with its own order and its own failures") {
  // md5sum: "a" 0cc175b9…, in the lower half; "b" 92eb5ffe…, in the upper.
  const Messages messages = letters(4, {"a", "b", "a", "b"});
  StreamOptions options = stream_options();
  options.shards = 2;
  Stream stream(options, messages);
  HandRun run(stream);
  run.feed(0, 3);
  CHECK(run.poll(0) == "ac");
  CHECK(run.poll(0) == "bd");
  CHECK(run.poll(0) == "");
  run.fail(0, 1);
  run.succeed(1, 1);  // the other shard goes on
  CHECK(run.counts().succeeded == 2);
  CHECK(run.poll(2) == "ac");
  run.check_books();
}

TEST_CASE("a window waits for a batch to fill") {
  const Messages messages = letters(2, {"k", "k"});
  StreamOptions options = stream_options();
  options.batching_window = 5 * kSecond;
  Stream stream(options, messages);
  HandRun run(stream);
  run.feed(0, 0, 0);
  CHECK(run.poll(0) == "");
  CHECK(run.due(0) == 5);
  run.feed(1, 1, 3);
  CHECK(run.poll(5) == "ab");
}

TEST_CASE("a mapping reads from its starting position") {
  Messages messages = letters(3, {"k", "k", "k"});
  messages[0].time_ms = milliseconds_of(kStart) - 2000;
  messages[1].time_ms = milliseconds_of(kStart) - 1000;
  StreamOptions options = stream_options();
  options.start = StartingPosition::at_timestamp;
  options.start_time = kStart - 1500 * kMillisecond;
  Stream later(options, messages);
  HandRun run(later);
  run.feed(0, 2);
  CHECK(run.poll(0) == "bc");
  CHECK(run.counts().fed == 2);
  run.succeed(0, 1);
  run.check_books();
  options.start = StartingPosition::latest;
  options.start_time = kStart;
  Stream latest(options, messages);
  HandRun newest(latest);
  newest.feed(0, 2);
  CHECK(newest.poll(0) == "c");
}

TEST_CASE("Kafka names its failures by partition and offset, and its records are in the record of a failure") {
  Messages messages(2);
  for (std::size_t i = 0; i < 2; ++i) {
    messages[i].topic = "orders";
    messages[i].partition = 1;
    messages[i].offset = static_cast<std::int64_t>(7 + i);
    messages[i].id = "orders-1:" + std::to_string(7 + i);
    messages[i].body = "text " + std::to_string(i);
  }
  StreamOptions options = stream_options();
  options.kind = StreamKind::kafka;
  options.shards = 2;
  options.max_retries = 0;
  options.has_destination = true;
  Stream stream(options, messages);
  std::vector<json> records;
  stream.send_dead_letters_to([&](std::string&& line) { records.push_back(json::parse(line)); });
  HandRun run(stream);
  run.feed(0, 1);
  CHECK(run.poll(0) == "orders-1:7orders-1:8");
  run.fail(0, 1);
  REQUIRE(records.size() == 1);
  const json& info = records[0]["KafkaBatchInfo"];
  CHECK(info["batchSize"] == 2);
  CHECK(info["recordsInfo"]["orders-1"]["firstRecordOffset"] == "7");
  CHECK(info["recordsInfo"]["orders-1"]["lastRecordOffset"] == "8");
  CHECK(records[0]["payload"]["records"]["orders-1"].size() == 2);
  CHECK(info["payloadSize"] == records[0]["payload"].dump().size());
  options.shards = 1;
  CHECK_THROWS_WITH(Stream(options, messages), "record orders-1:7 is of partition 1, but there are 1");
}

TEST_CASE("where a key goes") {
  // Apache Kafka's own test of Utils.murmur2.
  CHECK(murmur2("21") == -973932308);
  CHECK(murmur2("foobar") == -790332482);
  CHECK(murmur2("a-little-bit-long-string") == -985981536);
  CHECK(murmur2("a-little-bit-longer-string") == -1486304829);
  CHECK(murmur2("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8") == -58897971);
  CHECK(murmur2("abc") == 479470107);
  CHECK(murmur2("\x0c\x2a\x38\x18\x6d\x6f") == 274204207);
  CHECK(kafka_partition("21", 7) == 1173551340U % 7);
  // md5sum: "a" 0cc175b9…, "b" 92eb5ffe…, "c" 4a8a08f0…, "d" 8277e091…, "" d41d8cd9….
  CHECK(kinesis_shard("a", 2) == 0);
  CHECK(kinesis_shard("b", 2) == 1);
  CHECK(kinesis_shard("c", 4) == 1);
  CHECK(kinesis_shard("d", 4) == 2);
  CHECK(kinesis_shard("", 4) == 3);
  CHECK(kinesis_shard("b", 1) == 0);
}

TEST_CASE("options of streams that AWS refuses") {
  StreamOptions options;
  options.kind = StreamKind::kafka;
  options.parallelization = 2;
  CHECK_THROWS_WITH(validate(options), "a parallelization factor of 2: expected 1 to 1");
  options = {};
  options.max_record_age = kSecond;
  CHECK_THROWS_WITH(validate(options), "a largest record age of 1 s: expected 60 to 604800");
  options = {};
  options.shards = 0;
  CHECK_THROWS_AS(validate(options), io::Error);
}

}  // namespace
}  // namespace textlambda::sources
