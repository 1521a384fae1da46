#include "textlambda/sources/asynchronous_events.h"

#include <algorithm>
#include <array>
#include <utility>

#include "textlambda/sources/event_writer.h"
#include "textlambda/sources/failure_record.h"
#include "textlambda/sources/option_limits.h"

namespace textlambda::sources {
namespace {

constexpr Nanoseconds kLongestPause = 300 * kSecond;

// Behind an error, and behind the next.
constexpr std::array<Nanoseconds, 2> kRetryPauses = {60 * kSecond, 120 * kSecond};

Nanoseconds throttled_pause(std::uint32_t throttles) {
  return std::min(kLongestPause, kSecond << std::min(throttles, 9U));
}

}  // namespace

void validate(const AsynchronousOptions& options) {
  expect_count("a number of invocations at a time", options.pollers, 1, 10'000);
  expect_count("a number of retries", options.retries, 0, kRetryPauses.size());
  expect_seconds("a largest event age", options.max_age, 60, 21'600);
}

AsynchronousEvents::AsynchronousEvents(AsynchronousOptions options) : options_(std::move(options)) {
  validate(options_);
}

AsynchronousEvents::AsynchronousEvents(AsynchronousOptions options, const Messages& messages)
    : AsynchronousEvents(std::move(options)) {
  messages_ = &messages;
  AsynchronousEvents::restart();
}

void AsynchronousEvents::restart() {
  const std::size_t count = messages_ == nullptr ? 0 : messages_->size();
  books_.restart(count);
  states_.assign(count, State());
  due_.clear();
  busy_ = 0;
}

void AsynchronousEvents::feed(Item item, Nanoseconds now) {
  books_.feed(item);
  states_[item].fed = now;
  put(item, now);
}

void AsynchronousEvents::add(Nanoseconds now) {
  books_.grow();
  states_.emplace_back();
  AsynchronousEvents::feed(static_cast<Item>(states_.size() - 1), now);
}

void AsynchronousEvents::put(Item item, Nanoseconds at) {
  due_.push_back({at, item});
  std::push_heap(due_.begin(), due_.end(),
                 [](const Due& a, const Due& b) { return a.at != b.at ? a.at > b.at : a.item > b.item; });
}

bool AsynchronousEvents::poll(Nanoseconds now, Batch& batch) {
  while (busy_ < options_.pollers && !due_.empty() && due_.front().at <= now) {
    const Item item = due_.front().item;
    std::pop_heap(due_.begin(), due_.end(),
                  [](const Due& a, const Due& b) { return a.at != b.at ? a.at > b.at : a.item > b.item; });
    due_.pop_back();
    State& state = states_[item];
    if (now - state.fed > options_.max_age) {
      give_up(item, "EventAgeExceeded", now);
      continue;
    }
    ++busy_;
    ++state.receives;
    books_.receive(item);
    books_.begin_batch();
    books_.deliver(item);
    batch.lane = 0;
    batch.tries = state.throttles;
    batch.deliveries.assign(1, {item, state.receives});
    return true;
  }
  return false;
}

Nanoseconds AsynchronousEvents::next_due(Nanoseconds now) {
  return busy_ < options_.pollers && !due_.empty() ? std::max(now, due_.front().at) : kNever;
}

void AsynchronousEvents::settle(const Batch& batch, const Verdict& verdict, Nanoseconds now) {
  --busy_;
  const Item item = batch.deliveries.front().item;
  State& state = states_[item];
  switch (verdict.kind) {
    case Verdict::Kind::answered:
      books_.end_attempt(Attempt::succeeded);
      books_.succeed(item);
      return;
    case Verdict::Kind::throttled:
      books_.end_attempt(Attempt::throttled);
      books_.give_back(item);
      put(item, after(now, throttled_pause(state.throttles++)));
      return;
    case Verdict::Kind::failed:
      books_.end_attempt(Attempt::failed);
      books_.give_back(item);
      state.throttles = 0;
      if (state.errors++ == options_.retries) return give_up(item, "RetriesExhausted", now);
      put(item, after(now, kRetryPauses[state.errors - 1]));
      return;
  }
}

void AsynchronousEvents::give_up(Item item, const char* condition, Nanoseconds now) {
  if (!options_.has_destination) return books_.drop(item);
  books_.dead_letter(item);
  if (!dead_letters_) return;
  const Message& lost = message(item);
  dead_letters_(event_failure_record(
      options_.account,
      {.condition = condition, .request_id = uuid_of(lost.id), .invocations = states_[item].errors, .event = lost.body},
      milliseconds_of(now)));
}

void AsynchronousEvents::write_event(const Batch& batch, Nanoseconds /*now*/, std::string& out) const {
  out += message(batch.deliveries.front().item).body;
}

ScheduledEvents::ScheduledEvents(AsynchronousOptions options, const Schedule& schedule, std::string rule,
                                 Nanoseconds start, std::uint64_t most, std::optional<Nanoseconds> first)
    : AsynchronousEvents(std::move(options)), schedule_(schedule), start_(start), most_(most), first_(first) {
  rule_arn_ = this->options().account.arn("events", "rule/" + std::move(rule));
  ScheduledEvents::restart();
}

void ScheduledEvents::restart() {
  AsynchronousEvents::restart();
  occurrences_.clear();
  next_ = first_ ? start_ + *first_ : schedule_.next(start_, start_);
}

void ScheduledEvents::occur(Nanoseconds now) {
  while (next_ <= now && (most_ == 0 || occurrences_.size() < most_)) {
    const Account& account = options().account;
    Message& event = occurrences_.emplace_back();
    event.time_ms = milliseconds_of(next_);
    event.body = scheduled_event(rule_arn_, account.region, account.id, *event.time_ms);
    event.id = uuid_of(rule_arn_ + std::to_string(next_));
    add(next_);
    next_ = schedule_.next(next_, start_);
  }
}

bool ScheduledEvents::poll(Nanoseconds now, Batch& batch) {
  occur(now);
  return AsynchronousEvents::poll(now, batch);
}

Nanoseconds ScheduledEvents::next_due(Nanoseconds now) {
  const bool more = most_ == 0 || occurrences_.size() < most_;
  return std::min(AsynchronousEvents::next_due(now), more ? std::max(now, next_) : kNever);
}

}  // namespace textlambda::sources
