// A stream of Kinesis or DynamoDB, or a topic of Kafka, and the event source mapping that reads it.
// https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-parameters.html
// https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
//
// - The key of a record decides its shard, and within it, where more than one batch a shard may be with functions, its
//   lane. A lane has one batch at a time, in order.
// - An answer that names failures moves the checkpoint to the lowest of them: what stands before it is done, what
// stands
//   behind it comes again, whatever became of it. That is a batch of its own, with attempts of its own.
// - What fails is tried again after a pause that grows, until it succeeds, is given up after max_retries, or is too
// old.
//   With bisect, a batch of several that failed is cut in half first, which counts as no retry; what behind the first
//   half remains waits for it.
// - A throttled batch is tried again as often as it takes; age alone ends that.
// - What is given up goes to the destination, if there is one, as one record that says where in the stream it is.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "textlambda/sources/account.h"
#include "textlambda/sources/event_source.h"
#include "textlambda/sources/filter.h"

namespace textlambda::sources {

enum class StreamKind { kinesis, dynamodb, kafka };

enum class StartingPosition { trim_horizon, latest, at_timestamp };

struct StreamOptions {
  StreamKind kind = StreamKind::kinesis;
  Account account;
  std::string stream = "messages";  // of the stream, the table, or the cluster
  std::uint32_t shards = 1;         // partitions of a topic
  std::uint32_t batch_size = 100;
  Nanoseconds batching_window = 0;
  std::uint32_t parallelization = 1;          // batches of a shard at a time; Kafka has one
  std::optional<std::uint32_t> max_retries;   // none: as often as it takes
  std::optional<Nanoseconds> max_record_age;  // none: however old
  bool bisect = false;
  bool has_destination = false;  // for what is given up; without it that is dropped
  bool report_failures = true;
  StartingPosition start = StartingPosition::trim_horizon;
  Nanoseconds start_time = 0;  // of at_timestamp; of latest: when the mapping came to be
  const Filters* filters = nullptr;

  std::string arn() const;
};

// Throws Error(usage) for options that Lambda refuses.
void validate(const StreamOptions& options);

// Host and port of a broker, as an event of Kafka names it.
std::string bootstrap_servers(const StreamOptions& options);

// The service that the kind is of, as events and answers know it.
events::Source service_of(StreamKind kind);

class Stream : public EventSource {
 public:
  // `messages` have to outlive it. Throws Error(usage).
  Stream(StreamOptions options, const Messages& messages);

  events::Source service() const override { return service_of(options_.kind); }
  SourceClass source_class() const override { return SourceClass::stream; }
  void restart() override;
  std::size_t size() const override { return messages_.size(); }
  // What was sent before the starting position is not read, and never in the books.
  void feed(Item item, Nanoseconds now) override;
  bool poll(Nanoseconds now, Batch& batch) override;
  Nanoseconds next_due(Nanoseconds now) override;
  void settle(const Batch& batch, const Verdict& verdict, Nanoseconds now) override;
  std::string_view id(Item item) const override { return messages_[item].id; }
  void write_event(const Batch& batch, Nanoseconds now, std::string& out) const override;
  bool reports_failures() const override { return options_.report_failures; }
  std::uint32_t order_of(Item item) const override { return lane_of_[item]; }
  std::uint32_t attempts_before_giving_up() const override {
    return options_.max_retries && !options_.max_record_age ? *options_.max_retries + 1 : 0;
  }
  const Books& books() const override { return books_; }

  std::uint32_t shard_of(Item item) const { return shard_of_[item]; }

 private:
  struct Lane {
    std::vector<Item> records;
    std::size_t next = 0;            // the checkpoint: before it all are settled
    std::size_t end = 0;             // of the batch that begins there and has been tried; next: there is none
    std::vector<std::size_t> later;  // where the batches end that it was cut from, the nearest last
    std::uint32_t failures = 0;      // of that batch as it is, cuts not counted
    std::uint32_t invocations = 0;   // that had its first record
    std::uint32_t pauses = 0;        // in a row
    Nanoseconds due = 0;             // not before
    bool running = false;
  };

  Nanoseconds lane_due(const Lane& lane, Nanoseconds now) const;
  std::size_t batch_end(const Lane& lane) const;
  bool take(Lane& lane, Nanoseconds now, Batch& batch);
  void drop_expired(Lane& lane, Nanoseconds now);
  void advance(Lane& lane, std::size_t to);
  void fail_again(Lane& lane, const Verdict& verdict, Nanoseconds now);
  void give_up(Lane& lane, std::size_t end, const char* condition, bool function_error, Nanoseconds now);
  void pause(Lane& lane, Nanoseconds now);
  bool is_too_old(Item item, Nanoseconds now) const;
  bool is_wanted(Item item) const;
  Nanoseconds arrival(Item item) const { return arrivals_[item]; }

  StreamOptions options_;
  const Messages& messages_;
  std::vector<std::uint32_t> shard_of_;
  std::vector<std::uint32_t> lane_of_;
  std::vector<std::size_t> sizes_;

  Books books_;
  std::vector<Lane> lanes_;
  std::vector<Nanoseconds> arrivals_;
  std::size_t turn_ = 0;  // the lane that is asked first
};

}  // namespace textlambda::sources
