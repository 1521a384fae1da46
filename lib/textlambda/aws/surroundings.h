// What this layer takes from the process that it runs in: variables, clocks, sleep and chance, so that a test can have
// its own. Copied freely; the functions may be called by several threads at a time.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "textlambda/signing/timestamp.h"

namespace textlambda::aws {

struct Surroundings {
  std::function<std::string(const char* name)> variable;      // of the environment; empty where it is not set
  std::function<signing::Moment()> now;                       // the wall clock
  std::function<std::chrono::milliseconds()> elapsed;         // a clock that only runs forward
  std::function<void(std::chrono::milliseconds time)> sleep;  // between attempts
  std::function<double()> random;                             // from 0 to below 1, evenly
  // When requests have to be over, whatever their own options say; nothing: those alone.
  std::function<std::optional<std::chrono::steady_clock::time_point>()> until;
};

Surroundings of_this_process();

// What `until` of the process's surroundings is from now on: for a function, whose invocation has an end. Thread-safe.
void end_requests_by(std::optional<std::chrono::steady_clock::time_point> until);

}  // namespace textlambda::aws
