#include "command/progress_bar.h"

#include <algorithm>
#include <cstdio>

#include <fmt/format.h>

#include "command/terminal.h"

namespace textlambda::command {

ProgressBar::ProgressBar(bool enabled) : enabled_(enabled && stderr_is_terminal()) {}

void ProgressBar::show(const std::string& stage, double share) {
  if (!enabled_) return;
  const Clock::time_point now = Clock::now();
  if (stage != stage_) {
    stage_ = stage;
    started_ = now;
  } else if (now - last_drawn_ < std::chrono::milliseconds(100)) {
    return;
  }
  last_drawn_ = now;
  constexpr int kWidth = 20;
  const int filled = static_cast<int>(std::clamp(share, 0.0, 1.0) * kWidth);
  std::string bar;
  for (int i = 0; i < kWidth; ++i) bar += i < filled ? "█" : "░";
  std::string left;
  const double seconds = std::chrono::duration<double>(now - started_).count();
  if (share > 0.02 && seconds > 0.5) left = fmt::format(" · {:.0f} s left", seconds * (1 - share) / share);
  fmt::print(stderr, "\r\x1B[K{:<9} {} {:3.0f} %{}", stage, bar, share * 100, left);
  std::fflush(stderr);
  drawn_ = true;
}

void ProgressBar::clear() {
  if (!drawn_) return;
  fmt::print(stderr, "\r\x1B[K");
  std::fflush(stderr);
  drawn_ = false;
}

}  // namespace textlambda::command
