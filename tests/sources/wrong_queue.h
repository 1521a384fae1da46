// A queue as somebody might write it in an hour, with one of the mistakes that others' doubles of AWS have been
// reported to make, or with none. It shares nothing with SqsQueue but the books that it keeps.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "textlambda/sources/event_source.h"

namespace textlambda::sources {

enum class Mistake {
  none,
  deletes_before_calling,
  ignores_failures,      // of an answer that names some
  deletes_on_malformed,  // an answer that cannot be read counts as a success
  loses_on_error,        // what had a function error, or a timeout, never comes again
  forgets_throttled,
  deletes_twice,   // a late answer deletes what another has deleted
  gives_up_early,  // one receive before it should
  gives_up_late,
  hands_out_twice,  // what is with a function already
  keeps_no_order,   // of a group
  counts_wrongly,   // an attempt that ended is not booked
};

class WrongQueue : public EventSource {
 public:
  static constexpr Nanoseconds kVisibility = 30 * kSecond;
  static constexpr std::uint32_t kReceives = 4;

  WrongQueue(const Messages& messages, Mistake mistake) : messages_(messages), mistake_(mistake) {
    WrongQueue::restart();
  }

  events::Source service() const override { return events::Source::sqs; }
  SourceClass source_class() const override { return SourceClass::queue; }
  std::size_t size() const override { return messages_.size(); }
  std::string_view id(Item item) const override { return messages_[item].id; }
  void write_event(const Batch& /*batch*/, Nanoseconds /*now*/, std::string& out) const override { out += "{}"; }
  std::uint32_t attempts_before_giving_up() const override { return kReceives; }
  bool gives_up_at_once() const override { return true; }
  const Books& books() const override { return books_; }
  std::uint32_t order_of(Item /*item*/) const override { return mistake_ == Mistake::keeps_no_order ? 0 : kNoOrder; }

  void restart() override {
    books_.restart(messages_.size());
    states_.assign(messages_.size(), State());
  }

  void feed(Item item, Nanoseconds now) override {
    books_.feed(item);
    states_[item].visible = now;
  }

  bool poll(Nanoseconds now, Batch& batch) override {
    batch.deliveries.clear();
    for (Item item = 0; item < states_.size() && batch.deliveries.size() < 3; ++item) take(item, now, batch);
    if (batch.deliveries.empty()) return false;
    books_.begin_batch();
    for (const Delivery& delivery : batch.deliveries) {
      books_.deliver(delivery.item);
      if (mistake_ == Mistake::deletes_before_calling) books_.succeed(delivery.item);
    }
    return true;
  }

  Nanoseconds next_due(Nanoseconds now) override {
    Nanoseconds due = kNever;
    for (Item item = 0; item < states_.size(); ++item) {
      const Standing standing = books_.standing(item);
      if (standing == Standing::unfed || is_settled(standing)) continue;
      due = std::min(due, std::max(now, states_[item].visible));
    }
    return due;
  }

  void settle(const Batch& batch, const Verdict& verdict, Nanoseconds now) override {
    bool throttled = verdict.kind == Verdict::Kind::throttled;
    bool all_failed = verdict.kind == Verdict::Kind::failed;
    if (mistake_ == Mistake::deletes_on_malformed && all_failed && !verdict.function_error) all_failed = false;
    for (std::uint32_t place = 0; place < batch.deliveries.size(); ++place) {
      bool failed = all_failed || std::count(verdict.failed.begin(), verdict.failed.end(), place) > 0;
      if (mistake_ == Mistake::ignores_failures) failed = all_failed;
      end(batch.deliveries[place], throttled, failed, now);
    }
  }

 private:
  struct State {
    Nanoseconds visible = kNever;
    std::uint32_t receives = 0;
  };

  void take(Item item, Nanoseconds now, Batch& batch) {
    State& state = states_[item];
    const Standing standing = books_.standing(item);
    if (is_settled(standing) || standing == Standing::unfed || state.visible > now) return;
    if (standing == Standing::in_flight) books_.give_back(item);
    std::uint32_t limit = kReceives;
    if (mistake_ == Mistake::gives_up_early) --limit;
    if (mistake_ == Mistake::gives_up_late) ++limit;
    if (state.receives >= limit) return books_.dead_letter(item);
    if (mistake_ == Mistake::keeps_no_order && (item % 3) == 1 && state.receives == 0 && batch.deliveries.empty())
      return;
    books_.receive(item);
    ++state.receives;
    state.visible = mistake_ == Mistake::hands_out_twice ? now + kMillisecond : now + kVisibility;
    batch.deliveries.push_back({item, mistake_ == Mistake::hands_out_twice ? 1 : state.receives});
  }

  void end(const Delivery& delivery, bool throttled, bool failed, Nanoseconds /*now*/) {
    State& state = states_[delivery.item];
    const bool its_own = state.receives == delivery.receive;
    const bool in_flight = books_.standing(delivery.item) == Standing::in_flight;
    if (throttled || failed) {
      if (mistake_ != Mistake::counts_wrongly) books_.end_attempt(throttled ? Attempt::throttled : Attempt::failed);
      const bool lost = throttled ? mistake_ == Mistake::forgets_throttled : mistake_ == Mistake::loses_on_error;
      if (lost) {
        state.visible = kNever;
      } else if (its_own && in_flight) {
        books_.give_back(delivery.item);
      }
      return;
    }
    const bool deletes = its_own && in_flight;
    if (!deletes && mistake_ != Mistake::deletes_twice && mistake_ != Mistake::deletes_before_calling) {
      return books_.end_attempt(Attempt::late);
    }
    books_.end_attempt(Attempt::succeeded);
    if (mistake_ != Mistake::deletes_before_calling) books_.succeed(delivery.item);
  }

  const Messages& messages_;
  Mistake mistake_;
  Books books_;
  std::vector<State> states_;
};

}  // namespace textlambda::sources
