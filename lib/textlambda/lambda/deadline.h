// The end of an invocation's time, less what writing and delivering the answer takes. Classifying stops there where the
// answer can ask for the rest again.
#pragma once

#include <cstdint>

#include "textlambda/lambda/handler.h"

namespace textlambda::lambda {

class Deadline {
 public:
  // One that never comes.
  Deadline() = default;

  // The options have to outlive it. Nothing comes without a clock or a deadline. Nor does one that has been past for
  // longer than any invocation may last: the host made it up, or has another clock.
  Deadline(const HandlerOptions& options, std::int64_t deadline_ms) {
    constexpr std::int64_t kLongestInvocationMs = 900000;
    if (deadline_ms <= 0 || !options.epoch_ms) return;
    if (options.epoch_ms() - kLongestInvocationMs > deadline_ms) return;
    epoch_ms_ = &options.epoch_ms;
    last_ms_ = deadline_ms - options.deadline_margin_ms;
  }

  bool has_come() const { return epoch_ms_ != nullptr && (*epoch_ms_)() >= last_ms_; }

 private:
  const EpochClock* epoch_ms_ = nullptr;
  std::int64_t last_ms_ = 0;
};

}  // namespace textlambda::lambda
