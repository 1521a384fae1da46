// Until when something may take, and whether it is to end before. A plain value; what it refers to has to outlive it.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>

namespace textlambda::tls {

using Clock = std::chrono::steady_clock;

struct Deadline {
  Clock::time_point until;
  const std::atomic<bool>* interrupted = nullptr;  // true: whatever waits ends as if its time were over

  bool is_over() const { return Clock::now() >= until || (interrupted != nullptr && interrupted->load()); }
  // How long poll(2) may wait before this is to be asked again.
  int poll_ms() const {
    constexpr std::chrono::milliseconds kSlice{100};  // an interrupt may come to another thread
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now()) + std::chrono::milliseconds(1);
    return static_cast<int>(std::clamp(left, std::chrono::milliseconds(0), kSlice).count());
  }
  // The same, but no later than in so long.
  Deadline within(Clock::duration time) const { return {std::min(until, Clock::now() + time), interrupted}; }
};

}  // namespace textlambda::tls
