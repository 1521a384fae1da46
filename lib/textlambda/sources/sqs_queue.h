// A queue of Amazon SQS and the pollers that Lambda has on it.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html
// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
//
// - A message that is received is hidden for the visibility timeout, and comes again after it unless it was deleted.
// What
//   failed is not touched: it comes again by that timeout alone.
// - Each receive has a receipt of its own. A message is deleted by that of its last receive; an answer that comes once
//   the message has been received again deletes nothing. A FIFO queue takes no receipt whose timeout is over at all.
// - Received as often as max_receive_count, it goes to the dead letters instead of being received once more.
// - A poller whose invocation is throttled tries it again, a little later each time, with the messages it has: that is
// no
//   receive. It lets go of them once their visibility timeout is over; from then on the next receive counts, which is
//   how throttling alone fills a dead-letter queue.
// - In a FIFO queue nothing of a group is given out while a message of it is, or is hidden; a message that failed holds
//   up those behind it.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "textlambda/sources/account.h"
#include "textlambda/sources/event_source.h"
#include "textlambda/sources/filter.h"

namespace textlambda::sources {

struct SqsOptions {
  Account account;
  std::string queue = "messages";  // its name, in the ARN
  bool fifo = false;
  std::uint32_t batch_size = 10;
  Nanoseconds batching_window = 0;  // how long a batch that is not full waits for more
  Nanoseconds visibility_timeout = 30 * kSecond;
  std::uint32_t max_receive_count = 0;  // 0: there is no dead-letter queue
  Nanoseconds retention = 4 * 24 * 3600 * kSecond;
  std::uint32_t pollers = 5;  // batches at a time
  bool report_failures = true;
  const Filters* filters = nullptr;  // what matches none is deleted undelivered; null: everything is delivered

  std::string arn() const { return account.arn("sqs", queue); }
};

// Throws Error(usage) for options that SQS or Lambda refuse.
void validate(const SqsOptions& options);

class SqsQueue : public EventSource {
 public:
  // `messages` have to outlive it; those of a FIFO queue have a group (Message::key). Throws Error(usage).
  SqsQueue(SqsOptions options, const Messages& messages);

  events::Source service() const override { return events::Source::sqs; }
  SourceClass source_class() const override { return SourceClass::queue; }
  void restart() override;
  std::size_t size() const override { return messages_.size(); }
  void grow() override;
  void feed(Item item, Nanoseconds now) override;
  bool poll(Nanoseconds now, Batch& batch) override;
  Nanoseconds next_due(Nanoseconds now) override;
  void settle(const Batch& batch, const Verdict& verdict, Nanoseconds now) override;
  std::string_view id(Item item) const override { return messages_[item].id; }
  void write_event(const Batch& batch, Nanoseconds now, std::string& out) const override;
  bool reports_failures() const override { return options_.report_failures; }
  std::uint32_t order_of(Item item) const override { return options_.fifo ? group_of_[item] : kNoOrder; }
  std::uint32_t attempts_before_giving_up() const override { return options_.max_receive_count; }
  bool gives_up_at_once() const override { return options_.max_receive_count > 0; }
  const Books& books() const override { return books_; }

  // ApproximateFirstReceiveTimestamp and the like, in nanoseconds.
  Nanoseconds sent(Item item) const { return states_[item].sent; }
  Nanoseconds first_received(Item item) const { return states_[item].first_received; }

 private:
  struct State {
    Nanoseconds sent = 0;
    Nanoseconds first_received = 0;
    Nanoseconds visible_again = 0;  // of the last receive
    std::uint32_t receives = 0;
    bool is_hidden = false;
  };
  // A message that was received, until its timeout.
  struct Hidden {
    Nanoseconds until = 0;
    Item item = 0;
    std::uint32_t receive = 0;
  };
  struct Ready {
    Item item = 0;  // of a FIFO queue: a group
    Nanoseconds since = 0;
  };
  // A batch that was throttled, with its poller.
  struct Held {
    Batch batch;
    Nanoseconds retry_at = 0;
    Nanoseconds until = 0;  // when its poller lets go of it
  };
  struct Group {
    std::vector<Item> items;  // in the order in which they were sent
    std::size_t head = 0;     // before it all are settled
    std::uint32_t unsettled = 0;
    std::uint32_t hidden = 0;
    bool is_ready = false;  // in ready_
  };

  void measure();
  bool is_settled(Item item) const { return sources::is_settled(books_.standing(item)); }
  static bool is_later(const Hidden& a, const Hidden& b);
  void show_what_is_due(Nanoseconds now);
  bool poll_held(Nanoseconds now, Batch& batch);
  Nanoseconds batch_due(Nanoseconds now) const;
  void take_messages(Nanoseconds now, Batch& batch);
  void take_groups(Nanoseconds now, Batch& batch);
  void receive(Item item, Nanoseconds now, Batch& batch);
  bool keeps(Item item, Nanoseconds now);
  bool has_room(const Batch& batch, Item next) const;
  void hand_out(const Batch& batch);
  void show(Item item, Nanoseconds since);
  void offer(std::uint32_t group, Nanoseconds since);
  void forget(Item item, Nanoseconds now);
  void end_failed(const Delivery& delivery);
  void end_succeeded(const Delivery& delivery, Nanoseconds now);
  void hold(const Batch& batch, Nanoseconds now);

  SqsOptions options_;
  const Messages& messages_;
  std::vector<std::uint32_t> group_of_;
  std::vector<std::size_t> sizes_;    // about what each takes in an event
  std::vector<std::string> digests_;  // of their bodies
  std::map<std::string, std::uint32_t> group_numbers_;

  Books books_;
  std::vector<State> states_;
  std::vector<Group> groups_;
  std::deque<Ready> ready_;
  std::uint64_t ready_messages_ = 0;
  std::vector<Hidden> hidden_;  // a heap, the one that is due first in front
  std::vector<Held> held_;
  std::uint32_t busy_ = 0;  // pollers with an invocation, or with a batch that was throttled
  std::size_t bytes_ = 0;   // of the batch that is being put together
};

}  // namespace textlambda::sources
