#include "textlambda/sources/sqs_queue.h"

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

#include "textlambda/io/error.h"
#include "textlambda/json/write.h"
#include "textlambda/sources/event_writer.h"
#include "textlambda/sources/failure_record.h"
#include "textlambda/sources/option_limits.h"

namespace textlambda::sources {

void validate(const SqsOptions& options) {
  expect_count("a batch", options.batch_size, 1, options.fifo ? 10 : 10'000);
  expect_seconds("a batching window", options.batching_window, 0, options.fifo ? 0 : 300);
  expect_seconds("a visibility timeout", options.visibility_timeout, 1, 43'200);
  expect_seconds("a retention", options.retention, 60, 1'209'600);
  expect_count("a largest receive count", options.max_receive_count, 0, 1000);
  expect_count("a number of pollers", options.pollers, 1, 2000);
  if (options.batch_size > 10 && options.batching_window < kSecond) {
    io::throw_usage("a batch of more than 10 messages needs a batching window of 1 s at least");
  }
}

SqsQueue::SqsQueue(SqsOptions options, const Messages& messages) : options_(std::move(options)), messages_(messages) {
  validate(options_);
  measure();
  SqsQueue::restart();
}

void SqsQueue::grow() {
  measure();
  while (books_.size() < messages_.size()) books_.grow();
  states_.resize(messages_.size());
  groups_.resize(group_numbers_.size());
}

// Those that are new.
void SqsQueue::measure() {
  sizes_.reserve(messages_.size());
  std::string written;
  for (std::size_t i = sizes_.size(); i < messages_.size(); ++i) {
    const Message& message = messages_[i];
    written.clear();
    json::append_string(written, message.body);
    digests_.push_back(md5_hex(message.body));
    sizes_.push_back(written.size() + message.attributes.size() + kSqsEnvelopeBytes);
    if (!options_.fifo) continue;
    if (message.key.empty()) io::throw_usage("message " + message.id + " has no MessageGroupId, as a FIFO queue needs");
    const auto number = static_cast<std::uint32_t>(group_numbers_.size());
    group_of_.push_back(group_numbers_.emplace(message.key, number).first->second);
  }
}

void SqsQueue::restart() {
  books_.restart(messages_.size());
  states_.assign(messages_.size(), State());
  groups_.resize(group_numbers_.size());
  for (Group& group : groups_) {
    group.items.clear();
    group.head = 0;
    group.unsettled = 0;
    group.hidden = 0;
    group.is_ready = false;
  }
  ready_.clear();
  ready_messages_ = 0;
  hidden_.clear();
  held_.clear();
  busy_ = 0;
}

void SqsQueue::feed(Item item, Nanoseconds now) {
  books_.feed(item);
  states_[item].sent = now;
  if (!options_.fifo) return show(item, now);
  const std::uint32_t number = group_of_[item];
  Group& group = groups_[number];
  group.items.push_back(item);
  ++group.unsettled;
  if (group.is_ready) {
    ++ready_messages_;
  } else if (group.hidden == 0) {
    offer(number, now);
  }
}

// Of those that come back at one moment, the one that was sent first is first: a heap alone may order them in any way.
bool SqsQueue::is_later(const Hidden& a, const Hidden& b) {
  return a.until != b.until ? a.until > b.until : a.item > b.item;
}

// It can be received, from that moment on.
void SqsQueue::show(Item item, Nanoseconds since) {
  ready_.push_back({item, since});
  ++ready_messages_;
}

void SqsQueue::offer(std::uint32_t group, Nanoseconds since) {
  if (groups_[group].is_ready || groups_[group].unsettled == 0) return;
  groups_[group].is_ready = true;
  ready_.push_back({group, since});
  ready_messages_ += groups_[group].unsettled;
}

// What is past its visibility timeout can be received again.
void SqsQueue::show_what_is_due(Nanoseconds now) {
  const std::size_t let_go = std::erase_if(held_, [now](const Held& held) { return held.until <= now; });
  busy_ -= static_cast<std::uint32_t>(let_go);
  while (!hidden_.empty()) {
    const Hidden first = hidden_.front();
    State& state = states_[first.item];
    const bool counts = state.is_hidden && state.receives == first.receive;
    if (counts && first.until > now) break;
    std::pop_heap(hidden_.begin(), hidden_.end(), is_later);
    hidden_.pop_back();
    if (!counts) continue;
    state.is_hidden = false;
    if (books_.standing(first.item) == Standing::in_flight) books_.give_back(first.item);
    if (!options_.fifo) {
      show(first.item, first.until);
    } else if (--groups_[group_of_[first.item]].hidden == 0) {
      offer(group_of_[first.item], first.until);
    }
  }
  // A message that was deleted late, after it had become visible.
  while (!options_.fifo && !ready_.empty() && is_settled(ready_.front().item)) ready_.pop_front();
}

Nanoseconds SqsQueue::batch_due(Nanoseconds now) const {
  if (busy_ >= options_.pollers || ready_messages_ == 0) return kNever;
  if (ready_messages_ >= options_.batch_size) return now;
  return std::max(now, after(ready_.front().since, options_.batching_window));
}

bool SqsQueue::poll(Nanoseconds now, Batch& batch) {
  show_what_is_due(now);
  if (poll_held(now, batch)) return true;
  while (batch_due(now) <= now) {
    batch.deliveries.clear();
    batch.lane = 0;
    batch.tries = 0;
    bytes_ = kEventBytes;
    if (options_.fifo) {
      take_groups(now, batch);
    } else {
      take_messages(now, batch);
    }
    if (batch.deliveries.empty()) continue;  // all of them were given up, or filtered
    ++busy_;
    hand_out(batch);
    return true;
  }
  return false;
}

bool SqsQueue::poll_held(Nanoseconds now, Batch& batch) {
  const auto due = std::find_if(held_.begin(), held_.end(), [now](const Held& held) { return held.retry_at <= now; });
  if (due == held_.end()) return false;
  std::swap(batch, due->batch);
  held_.erase(due);
  hand_out(batch);
  return true;
}

void SqsQueue::hand_out(const Batch& batch) {
  books_.begin_batch();
  for (const Delivery& delivery : batch.deliveries) books_.deliver(delivery.item);
}

bool SqsQueue::has_room(const Batch& batch, Item next) const {
  if (batch.deliveries.size() >= options_.batch_size) return false;
  return batch.deliveries.empty() || bytes_ + sizes_[next] <= kMostEventBytes;
}

void SqsQueue::take_messages(Nanoseconds now, Batch& batch) {
  while (!ready_.empty() && (is_settled(ready_.front().item) || has_room(batch, ready_.front().item))) {
    const Item item = ready_.front().item;
    ready_.pop_front();
    if (is_settled(item)) continue;
    --ready_messages_;
    if (keeps(item, now)) receive(item, now, batch);
  }
}

void SqsQueue::take_groups(Nanoseconds now, Batch& batch) {
  bool full = false;
  while (!full && !ready_.empty()) {
    const Ready first = ready_.front();
    Group& group = groups_[first.item];
    ready_.pop_front();
    ready_messages_ -= group.unsettled;
    // While it is looked through, nothing that is settled offers it.
    group.is_ready = true;
    const std::uint64_t others = ready_messages_;
    for (std::size_t i = group.head; i < group.items.size() && !full; ++i) {
      const Item item = group.items[i];
      if (is_settled(item)) continue;
      full = !has_room(batch, item);
      if (!full && keeps(item, now)) receive(item, now, batch);
    }
    ready_messages_ = others;
    group.is_ready = false;
    while (group.head < group.items.size() && is_settled(group.items[group.head])) ++group.head;
    if (group.hidden == 0) offer(first.item, first.since);
  }
}

// False where the message is not to be delivered but settled for good.
bool SqsQueue::keeps(Item item, Nanoseconds now) {
  const State& state = states_[item];
  if (now - state.sent >= options_.retention) {
    books_.drop(item);
  } else if (options_.max_receive_count > 0 && state.receives >= options_.max_receive_count) {
    books_.dead_letter(item);
    if (dead_letters_) dead_letters_(sqs_dead_letter(messages_[item], state.receives));
  } else if (options_.filters != nullptr &&
             !options_.filters->match(nlohmann::json::object(), "body", messages_[item].body)) {
    books_.receive(item);
    books_.filter(item);
  } else {
    return true;
  }
  forget(item, now);
  return false;
}

void SqsQueue::receive(Item item, Nanoseconds now, Batch& batch) {
  books_.receive(item);
  State& state = states_[item];
  if (state.receives++ == 0) state.first_received = now;
  state.visible_again = after(now, options_.visibility_timeout);
  state.is_hidden = true;
  if (options_.fifo) ++groups_[group_of_[item]].hidden;
  hidden_.push_back({state.visible_again, item, state.receives});
  std::push_heap(hidden_.begin(), hidden_.end(), is_later);
  batch.deliveries.push_back({item, state.receives});
  bytes_ += sizes_[item];
}

// It is settled: nothing hides it any more, and nothing waits for it.
void SqsQueue::forget(Item item, Nanoseconds now) {
  State& state = states_[item];
  const bool was_hidden = std::exchange(state.is_hidden, false);
  if (!options_.fifo) return;
  Group& group = groups_[group_of_[item]];
  if (was_hidden) --group.hidden;
  --group.unsettled;
  if (group.is_ready) {
    --ready_messages_;
  } else if (group.hidden == 0) {
    offer(group_of_[item], now);
  }
}

Nanoseconds SqsQueue::next_due(Nanoseconds now) {
  show_what_is_due(now);
  Nanoseconds due = batch_due(now);
  for (const Held& held : held_) due = std::min({due, std::max(now, held.retry_at), held.until});
  if (!hidden_.empty()) due = std::min(due, hidden_.front().until);
  return due;
}

void SqsQueue::settle(const Batch& batch, const Verdict& verdict, Nanoseconds now) {
  if (verdict.kind == Verdict::Kind::throttled) return hold(batch, now);
  --busy_;
  auto failed = verdict.failed.begin();
  for (std::uint32_t place = 0; place < batch.deliveries.size(); ++place) {
    const bool named = failed != verdict.failed.end() && *failed == place;
    if (named) ++failed;
    if (named || verdict.kind == Verdict::Kind::failed) {
      end_failed(batch.deliveries[place]);
    } else {
      end_succeeded(batch.deliveries[place], now);
    }
  }
}

void SqsQueue::hold(const Batch& batch, Nanoseconds now) {
  for (std::size_t i = 0; i < batch.deliveries.size(); ++i) books_.end_attempt(Attempt::throttled);
  const Delivery& first = batch.deliveries.front();
  const State& state = states_[first.item];
  if (state.receives != first.receive || !state.is_hidden || state.visible_again <= now) {
    --busy_;  // too late to try again: they have come back by themselves
    return;
  }
  Held& held = held_.emplace_back();
  held.batch = batch;
  held.retry_at = after(now, retry_pause(batch.tries));
  held.until = state.visible_again;
  ++held.batch.tries;
}

// It stays hidden until its timeout.
void SqsQueue::end_failed(const Delivery& delivery) {
  books_.end_attempt(Attempt::failed);
  const bool its_own = states_[delivery.item].receives == delivery.receive;
  if (its_own && books_.standing(delivery.item) == Standing::in_flight) books_.give_back(delivery.item);
}

void SqsQueue::end_succeeded(const Delivery& delivery, Nanoseconds now) {
  const State& state = states_[delivery.item];
  bool deletes = state.receives == delivery.receive && !is_settled(delivery.item);
  if (options_.fifo) deletes = deletes && state.is_hidden && now < state.visible_again;
  if (!deletes) return books_.end_attempt(Attempt::late);
  books_.end_attempt(Attempt::succeeded);
  if (!options_.fifo && !state.is_hidden) --ready_messages_;  // what stands for it in ready_ is passed over
  books_.succeed(delivery.item);
  forget(delivery.item, now);
}

void SqsQueue::write_event(const Batch& batch, Nanoseconds /*now*/, std::string& out) const {
  SqsEventWriter writer(options_, out);
  for (const Delivery& delivery : batch.deliveries) {
    const State& state = states_[delivery.item];
    writer.add(messages_[delivery.item], {.place = delivery.item,
                                          .receive = delivery.receive,
                                          .sent_ms = milliseconds_of(state.sent),
                                          .first_received_ms = milliseconds_of(state.first_received),
                                          .md5_of_body = digests_[delivery.item]});
  }
  writer.finish();
}

}  // namespace textlambda::sources
