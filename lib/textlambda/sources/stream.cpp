#include "textlambda/sources/stream.h"

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

#include "textlambda/io/error.h"
#include "textlambda/json/document.h"
#include "textlambda/sources/event_writer.h"
#include "textlambda/sources/failure_record.h"
#include "textlambda/sources/option_limits.h"
#include "textlambda/sources/partition.h"

namespace textlambda::sources {
namespace {

std::uint32_t shard_for(const StreamOptions& options, const Message& message, Item item) {
  if (options.kind != StreamKind::kafka) return kinesis_shard(message.key, options.shards);
  if (message.partition) return *message.partition;
  // Without a key a producer goes round.
  return message.key.empty() ? item % options.shards : kafka_partition(message.key, options.shards);
}

// What filter criteria are held against besides what was sent.
nlohmann::json filtered_record(StreamKind kind, const Message& message) {
  nlohmann::json record = nlohmann::json::object();
  switch (kind) {
    case StreamKind::kinesis:
      record["partitionKey"] = message.key;
      break;
    case StreamKind::dynamodb:
      json::parse(message.attributes, 1, record["eventName"]);
      break;
    case StreamKind::kafka:
      record["key"] = message.key;
      record["topic"] = message.topic;
      break;
  }
  return record;
}

const char* payload_name(StreamKind kind) {
  switch (kind) {
    case StreamKind::kinesis:
      return "data";
    case StreamKind::dynamodb:
      return "dynamodb";
    case StreamKind::kafka:
      return "value";
  }
  return "data";
}

}  // namespace

events::Source service_of(StreamKind kind) {
  switch (kind) {
    case StreamKind::kinesis:
      return events::Source::kinesis;
    case StreamKind::dynamodb:
      return events::Source::dynamodb;
    case StreamKind::kafka:
      return events::Source::kafka;
  }
  return events::Source::kinesis;
}

std::string StreamOptions::arn() const {
  switch (kind) {
    case StreamKind::kinesis:
      return account.arn("kinesis", "stream/" + stream);
    case StreamKind::dynamodb:
      return account.arn("dynamodb", "table/" + stream + "/stream/2026-01-02T00:00:00.000");
    case StreamKind::kafka:
      return account.arn("kafka", "cluster/" + stream + "/751d2973-a626-431c-9d4e-d7975eb44dd7-2");
  }
  return "";
}

std::string bootstrap_servers(const StreamOptions& options) {
  return "b-1." + options.stream + ".a1b2c3.c1.kafka." + options.account.region + ".amazonaws.com:9092";
}

void validate(const StreamOptions& options) {
  expect_count("a batch", options.batch_size, 1, 10'000);
  expect_seconds("a batching window", options.batching_window, 0, 300);
  expect_count("a number of shards", options.shards, 1, 10'000);
  expect_count("a parallelization factor", options.parallelization, 1, options.kind == StreamKind::kafka ? 1 : 10);
  if (options.max_retries) expect_count("a number of retries", *options.max_retries, 0, 10'000);
  if (options.max_record_age) expect_seconds("a largest record age", *options.max_record_age, 60, 604'800);
}

Stream::Stream(StreamOptions options, const Messages& messages) : options_(std::move(options)), messages_(messages) {
  validate(options_);
  for (std::size_t i = 0; i < messages.size(); ++i) {
    const Message& message = messages[i];
    const std::uint32_t shard = shard_for(options_, message, static_cast<Item>(i));
    if (shard >= options_.shards) {
      io::throw_usage("record " + message.id + " is of partition " + std::to_string(shard) + ", but there are " +
                      std::to_string(options_.shards));
    }
    const std::uint32_t parallel = options_.parallelization;
    shard_of_.push_back(shard);
    lane_of_.push_back(shard * parallel + (parallel == 1 ? 0 : kafka_partition(message.key, parallel)));
    // As base64, with what stands around it.
    sizes_.push_back(message.body.size() * 4 / 3 + message.key.size() + message.attributes.size() +
                     kStreamEnvelopeBytes);
  }
  Stream::restart();
}

void Stream::restart() {
  books_.restart(messages_.size());
  arrivals_.assign(messages_.size(), 0);
  lanes_.resize(std::size_t{options_.shards} * options_.parallelization);
  for (Lane& lane : lanes_) {
    lane.records.clear();
    lane.later.clear();
    lane.next = lane.end = 0;
    lane.failures = lane.invocations = lane.pauses = 0;
    lane.due = 0;
    lane.running = false;
  }
  turn_ = 0;
}

bool Stream::is_wanted(Item item) const {
  switch (options_.start) {
    case StartingPosition::trim_horizon:
      return true;
    case StartingPosition::latest:
    case StartingPosition::at_timestamp:
      return arrivals_[item] >= options_.start_time;
  }
  return true;
}

void Stream::feed(Item item, Nanoseconds now) {
  const Message& message = messages_[item];
  // A record that says when it was sent is as old as that, and none is from the future.
  arrivals_[item] = message.time_ms ? std::min(now, *message.time_ms * kMillisecond) : now;
  if (!is_wanted(item)) return;
  books_.feed(item);
  if (options_.filters != nullptr &&
      !options_.filters->match(filtered_record(options_.kind, message), payload_name(options_.kind), message.body)) {
    books_.receive(item);
    books_.filter(item);
    return;
  }
  lanes_[lane_of_[item]].records.push_back(item);
}

bool Stream::is_too_old(Item item, Nanoseconds now) const {
  return options_.max_record_age && now - arrivals_[item] > *options_.max_record_age;
}

// Where a batch that begins at the checkpoint would end.
std::size_t Stream::batch_end(const Lane& lane) const {
  if (lane.end > lane.next) return lane.end;
  const std::size_t most = std::min(lane.records.size(), lane.next + options_.batch_size);
  std::size_t end = lane.next;
  for (std::size_t bytes = kEventBytes; end < most; ++end) {
    bytes += sizes_[lane.records[end]];
    if (bytes > kMostEventBytes && end > lane.next) break;
  }
  return end;
}

Nanoseconds Stream::lane_due(const Lane& lane, Nanoseconds now) const {
  if (lane.running || lane.next == lane.records.size()) return kNever;
  const bool begun = lane.end > lane.next;
  if (begun || lane.records.size() - lane.next >= options_.batch_size) return std::max(now, lane.due);
  return std::max({now, lane.due, after(arrivals_[lane.records[lane.next]], options_.batching_window)});
}

bool Stream::poll(Nanoseconds now, Batch& batch) {
  for (std::size_t i = 0; i < lanes_.size(); ++i) {
    const std::size_t number = (turn_ + i) % lanes_.size();
    Lane& lane = lanes_[number];
    if (lane_due(lane, now) > now || !take(lane, now, batch)) continue;
    batch.lane = static_cast<std::uint32_t>(number);
    turn_ = number + 1;
    return true;
  }
  return false;
}

bool Stream::take(Lane& lane, Nanoseconds now, Batch& batch) {
  batch.deliveries.clear();
  batch.tries = lane.pauses;
  drop_expired(lane, now);
  if (lane_due(lane, now) > now) return false;
  lane.end = batch_end(lane);
  lane.running = true;
  books_.begin_batch();
  for (std::size_t i = lane.next; i < lane.end; ++i) {
    const Item item = lane.records[i];
    books_.receive(item);
    books_.deliver(item);
    batch.deliveries.push_back({item, books_.attempts(item)});
  }
  return true;
}

void Stream::drop_expired(Lane& lane, Nanoseconds now) {
  std::size_t end = lane.next;
  while (end < lane.records.size() && is_too_old(lane.records[end], now)) ++end;
  if (end > lane.next) give_up(lane, end, "RecordAgeExceeded", lane.invocations > 0, now);
}

Nanoseconds Stream::next_due(Nanoseconds now) {
  Nanoseconds due = kNever;
  for (const Lane& lane : lanes_) due = std::min(due, lane_due(lane, now));
  return due;
}

void Stream::settle(const Batch& batch, const Verdict& verdict, Nanoseconds now) {
  Lane& lane = lanes_[batch.lane];
  lane.running = false;
  const bool throttled = verdict.kind == Verdict::Kind::throttled;
  std::size_t succeeded = 0;
  if (verdict.kind == Verdict::Kind::answered) {
    succeeded = verdict.failed.empty() ? batch.deliveries.size() : verdict.failed.front();
  }
  for (std::size_t place = 0; place < batch.deliveries.size(); ++place) {
    const Item item = batch.deliveries[place].item;
    if (place < succeeded) {
      books_.end_attempt(Attempt::succeeded);
      books_.succeed(item);
    } else {
      books_.end_attempt(throttled ? Attempt::throttled : Attempt::failed);
      books_.give_back(item);
    }
  }
  if (throttled) return pause(lane, now);
  ++lane.invocations;
  if (succeeded == batch.deliveries.size()) return advance(lane, lane.end);
  if (succeeded > 0) {
    lane.next += succeeded;
    lane.failures = 0;
    lane.invocations = 1;
    lane.pauses = 0;
    if (options_.bisect) return pause(lane, now);
    return fail_again(lane, verdict, now);
  }
  if (options_.bisect && lane.end - lane.next > 1) {
    lane.later.push_back(lane.end);
    lane.end = lane.next + (lane.end - lane.next) / 2;
    return pause(lane, now);
  }
  fail_again(lane, verdict, now);
}

void Stream::fail_again(Lane& lane, const Verdict& verdict, Nanoseconds now) {
  ++lane.failures;
  if (options_.max_retries && lane.failures > *options_.max_retries) {
    return give_up(lane, lane.end, "RetryAttemptsExhausted", verdict.function_error, now);
  }
  pause(lane, now);
}

void Stream::pause(Lane& lane, Nanoseconds now) { lane.due = after(now, retry_pause(lane.pauses++)); }

// The records up to `end` are settled.
void Stream::advance(Lane& lane, std::size_t end) {
  lane.next = end;
  if (lane.end > lane.next) return;
  lane.failures = lane.invocations = lane.pauses = 0;
  lane.due = 0;
  while (!lane.later.empty() && lane.end <= lane.next) {
    lane.end = lane.later.back();
    lane.later.pop_back();
  }
}

void Stream::give_up(Lane& lane, std::size_t end, const char* condition, bool function_error, Nanoseconds now) {
  for (std::size_t i = lane.next; i < end; ++i) {
    if (options_.has_destination) {
      books_.dead_letter(lane.records[i]);
    } else {
      books_.drop(lane.records[i]);
    }
  }
  if (options_.has_destination && dead_letters_) {
    const Item first = lane.records[lane.next];
    const Item last = lane.records[end - 1];
    StreamFailure failure;
    failure.condition = condition;
    failure.invocations = lane.invocations;
    failure.function_error = function_error;
    failure.shard = shard_of_[first];
    failure.records = end - lane.next;
    failure.first = &messages_[first];
    failure.last = &messages_[last];
    failure.first_arrival_ms = milliseconds_of(arrivals_[first]);
    failure.last_arrival_ms = milliseconds_of(arrivals_[last]);
    if (options_.kind == StreamKind::kafka) {
      Batch batch;
      for (std::size_t i = lane.next; i < end; ++i) batch.deliveries.push_back({lane.records[i], 1});
      write_event(batch, now, failure.payload);
    }
    dead_letters_(stream_failure_record(options_, failure, milliseconds_of(now)));
  }
  advance(lane, end);
}

void Stream::write_event(const Batch& batch, Nanoseconds /*now*/, std::string& out) const {
  StreamEventWriter writer(options_, out);
  for (const Delivery& delivery : batch.deliveries) {
    writer.add(messages_[delivery.item], shard_of_[delivery.item], milliseconds_of(arrivals_[delivery.item]));
  }
  writer.finish();
}

}  // namespace textlambda::sources
