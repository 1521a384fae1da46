// Driving a source by hand: polls and answers in short, and messages without much writing.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "textlambda/sources/event_source.h"

#include "tests/catch.h"

namespace textlambda::sources {

inline constexpr Nanoseconds kStart = 1'767'312'000 * kSecond;  // 2026-01-02T00:00:00Z

// "a", "b", … with that many ids; keys by place where there are any.
inline Messages letters(std::size_t count, const std::vector<std::string>& keys = {}) {
  Messages messages(count);
  for (std::size_t i = 0; i < count; ++i) {
    messages[i].id = std::string(1, static_cast<char>('a' + i));
    messages[i].body = "body of " + messages[i].id;
    if (!keys.empty()) messages[i].key = keys[i];
  }
  return messages;
}

class HandRun {
 public:
  explicit HandRun(EventSource& source) : source_(source) {}

  void feed(Item first, Item last, double seconds = 0) {
    for (Item item = first; item <= last; ++item) source_.feed(item, at(seconds));
  }

  // The ids of the next batch, "abc"; empty where none is due. It is kept for answer().
  std::string poll(double seconds) {
    Batch batch;
    if (!source_.poll(at(seconds), batch)) return "";
    std::string ids;
    for (const Delivery& delivery : batch.deliveries) ids += source_.id(delivery.item);
    batches_.push_back(std::move(batch));
    return ids;
  }

  const Batch& batch(std::size_t number) const { return batches_[number]; }

  // Of the batch that poll() gave as the number-th, from 0.
  void succeed(std::size_t number, double seconds, std::vector<std::uint32_t> failed = {}) {
    Verdict verdict;
    verdict.failed = std::move(failed);
    source_.settle(batches_[number], verdict, at(seconds));
  }
  void fail(std::size_t number, double seconds) {
    Verdict verdict;
    verdict.kind = Verdict::Kind::failed;
    verdict.function_error = true;
    source_.settle(batches_[number], verdict, at(seconds));
  }
  void throttle(std::size_t number, double seconds) {
    Verdict verdict;
    verdict.kind = Verdict::Kind::throttled;
    source_.settle(batches_[number], verdict, at(seconds));
  }

  // Seconds until something is due, -1: never.
  double due(double seconds) {
    const Nanoseconds next = source_.next_due(at(seconds));
    return next == kNever ? -1 : static_cast<double>(next - kStart) / 1e9;
  }

  const Counts& counts() const { return source_.books().counts(); }
  Standing standing(Item item) const { return source_.books().standing(item); }
  void check_books() const { CHECK(source_.books().balance() == ""); }

  static Nanoseconds at(double seconds) { return kStart + static_cast<Nanoseconds>(seconds * 1e9); }

 private:
  EventSource& source_;
  std::vector<Batch> batches_;
};

}  // namespace textlambda::sources
