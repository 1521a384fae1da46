// A progress bar on standard error, with the time that is left. Draws nothing unless that is a terminal. Not
// thread-safe.
#pragma once

#include <chrono>
#include <string>

namespace textlambda::command {

class ProgressBar {
 public:
  // `enabled` false, or no terminal: nothing is ever drawn.
  explicit ProgressBar(bool enabled);
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;
  ~ProgressBar() { clear(); }

  // Redrawn ten times a second at most; a new `stage` starts its clock afresh.
  void show(const std::string& stage, double share);
  // Takes the bar away.
  void clear();

 private:
  using Clock = std::chrono::steady_clock;

  bool enabled_;
  bool drawn_ = false;
  std::string stage_;
  Clock::time_point started_;
  Clock::time_point last_drawn_;
};

}  // namespace textlambda::command
