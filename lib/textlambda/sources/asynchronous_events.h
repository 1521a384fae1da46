// Events that a function is invoked with one by one while nobody waits for the answer: those of a rule of EventBridge,
// and recorded ones. https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
//
// - After a function error an event is tried again, a minute later and two minutes after that; then it is given up.
// - A throttled one is tried again after a second, then twice as long each time up to five minutes, until it is too
// old.
// - What is given up goes to the destination, if there is one.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "textlambda/sources/account.h"
#include "textlambda/sources/event_source.h"
#include "textlambda/sources/schedule.h"

namespace textlambda::sources {

struct AsynchronousOptions {
  Account account;
  std::uint32_t pollers = 10;  // invocations at a time
  std::uint32_t retries = 2;   // after function errors, at most 2
  Nanoseconds max_age = 6 * 3600 * kSecond;
  bool has_destination = false;
};

// Throws Error(usage) for options that Lambda refuses.
void validate(const AsynchronousOptions& options);

// A given list of events.
class AsynchronousEvents : public EventSource {
 public:
  // `messages` have to outlive it. Throws Error(usage).
  AsynchronousEvents(AsynchronousOptions options, const Messages& messages);

  // Whatever is answered counts for nothing.
  events::Source service() const override { return events::Source::direct; }
  SourceClass source_class() const override { return SourceClass::events; }
  void restart() override;
  std::size_t size() const override { return messages_->size(); }
  void feed(Item item, Nanoseconds now) override;
  bool poll(Nanoseconds now, Batch& batch) override;
  Nanoseconds next_due(Nanoseconds now) override;
  void settle(const Batch& batch, const Verdict& verdict, Nanoseconds now) override;
  std::string_view id(Item item) const override { return message(item).id; }
  void write_event(const Batch& batch, Nanoseconds now, std::string& out) const override;
  const Books& books() const override { return books_; }

 protected:
  explicit AsynchronousEvents(AsynchronousOptions options);

  virtual const Message& message(Item item) const { return (*messages_)[item]; }
  void add(Nanoseconds now);  // one more event, fed at once

  const AsynchronousOptions& options() const { return options_; }

 private:
  struct State {
    Nanoseconds fed = 0;
    std::uint32_t errors = 0;
    std::uint32_t throttles = 0;  // in a row
    std::uint32_t receives = 0;
  };
  struct Due {
    Nanoseconds at = 0;
    Item item = 0;
  };

  void put(Item item, Nanoseconds at);
  void give_up(Item item, const char* condition, Nanoseconds now);

  AsynchronousOptions options_;
  const Messages* messages_ = nullptr;
  Books books_;
  std::vector<State> states_;
  std::vector<Due> due_;  // a heap, the first in front
  std::uint32_t busy_ = 0;
};

// An event each time that a schedule is due.
class ScheduledEvents : public AsynchronousEvents {
 public:
  // The first is due after `start`, or `first` behind it where that is said; `most` of them, 0: without an end. Throws
  // Error(usage).
  ScheduledEvents(AsynchronousOptions options, const Schedule& schedule, std::string rule, Nanoseconds start,
                  std::uint64_t most = 0, std::optional<Nanoseconds> first = {});

  events::Source service() const override { return events::Source::scheduled; }
  void restart() override;
  std::size_t size() const override { return occurrences_.size(); }
  bool poll(Nanoseconds now, Batch& batch) override;
  Nanoseconds next_due(Nanoseconds now) override;

 protected:
  const Message& message(Item item) const override { return occurrences_[item]; }

 private:
  void occur(Nanoseconds now);

  Schedule schedule_;
  std::string rule_arn_;
  Nanoseconds start_;
  std::uint64_t most_;
  std::optional<Nanoseconds> first_;
  Nanoseconds next_ = 0;
  std::deque<Message> occurrences_;  // whose ids stay where they are
};

}  // namespace textlambda::sources
