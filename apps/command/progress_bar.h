// A progress bar on standard error, with the time that is left. Draws nothing unless that is a terminal. Under
// --verbose each stage's time is said once it is over. Not thread-safe.
#pragma once

#include <chrono>
#include <string>

#include "command/command.h"

namespace textlambda::command {

class ProgressBar {
 public:
  // Under --quiet, or where there is no terminal, nothing is ever drawn. `command` has to live as long as the bar.
  explicit ProgressBar(const Command& command);
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;
  ~ProgressBar() { clear(); }

  // Redrawn ten times a second at most; a new `stage` starts its clock afresh.
  void show(const std::string& stage, double share);
  // Takes the bar away: the last stage is over.
  void clear();

 private:
  using Clock = std::chrono::steady_clock;

  void erase();
  void end_stage(Clock::time_point now);

  const Command& command_;
  bool enabled_;
  bool drawn_ = false;
  std::string stage_;
  Clock::time_point started_;
  Clock::time_point last_drawn_;
};

}  // namespace textlambda::command
