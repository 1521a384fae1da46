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

  // To be made when the invocation arrives. The options have to outlive it. It never comes without a clock or a
  // deadline, nor where it has come already: no invocation begins without time (Lambda gives a second at least), so
  // that the host made the deadline up or has another clock.
  Deadline(const HandlerOptions& options, std::int64_t deadline_ms) {
    if (deadline_ms <= 0 || !options.epoch_ms) return;
    const std::int64_t last_ms = deadline_ms - options.deadline_margin_ms;
    if (options.epoch_ms() >= last_ms) return;
    epoch_ms_ = &options.epoch_ms;
    last_ms_ = last_ms;
  }

  bool has_come() const { return epoch_ms_ != nullptr && (*epoch_ms_)() >= last_ms_; }

 private:
  const EpochClock* epoch_ms_ = nullptr;
  std::int64_t last_ms_ = 0;
};

}  // namespace textlambda::lambda
