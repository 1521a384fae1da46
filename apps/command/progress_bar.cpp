#include "command/progress_bar.h"

#include <algorithm>

#include <fmt/format.h>

#include "command/terminal.h"

namespace textlambda::command {

ProgressBar::ProgressBar(const Command& command)
    : command_(command), enabled_(!command.quiet() && stderr_is_terminal()) {}

void ProgressBar::show(const std::string& stage, double share) {
  const Clock::time_point now = Clock::now();
  if (stage != stage_) {
    end_stage(now);
    stage_ = stage;
    started_ = now;
  } else if (now - last_drawn_ < std::chrono::milliseconds(100)) {
    return;
  }
  if (!enabled_) return;
  last_drawn_ = now;
  constexpr int kWidth = 20;
  const int filled = static_cast<int>(std::clamp(share, 0.0, 1.0) * kWidth);
  std::string bar;
  for (int i = 0; i < kWidth; ++i) bar += i < filled ? "█" : "░";
  std::string left;
  const double seconds = std::chrono::duration<double>(now - started_).count();
  if (share > 0.02 && seconds > 0.5) left = fmt::format(" · {:.0f} s left", seconds * (1 - share) / share);
  say(fmt::format("\r\x1B[K{:<9} {} {:3.0f} %{}", stage, bar, share * 100, left));
  drawn_ = true;
}

void ProgressBar::clear() {
  erase();
  end_stage(Clock::now());
}

void ProgressBar::erase() {
  if (!drawn_) return;
  say("\r\x1B[K");
  drawn_ = false;
}

void ProgressBar::end_stage(Clock::time_point now) {
  if (stage_.empty()) return;
  erase();
  command_.detail(fmt::format("{}: {:.2f} s", stage_, std::chrono::duration<double>(now - started_).count()));
  stage_.clear();
}

}  // namespace textlambda::command
