// How long a bootstrap takes from exec to its first request for an event, as a Lambda sandbox would see it: started
// with the environment of provided.al2023, against a Runtime API on the loopback interface that answers nothing.
// That is the program's own share of a cold start; the sandbox's share only AWS can measure.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace textlambda::package {

struct ColdStartOptions {
  unsigned runs = 21;
  std::chrono::milliseconds timeout{10'000};  // Lambda's own limit to an initialisation
};

// Monotonic time, such as std::chrono::steady_clock's.
using Clock = std::function<std::chrono::nanoseconds()>;

// Starts `folder`/bootstrap `runs` times, one after the other, and ends it each time it has asked; `folder` is what
// LAMBDA_TASK_ROOT names. The times in the order of the runs. Throws Error(input_output) where the bootstrap cannot be
// started, ends, reports an initialisation error, or asks for nothing within the timeout; Error(usage) for no runs.
std::vector<std::chrono::nanoseconds> measure_cold_starts(const std::string& folder, const ColdStartOptions& options,
                                                          const Clock& now);

// Published mean Init Durations of small native functions from a zip, 512 MB, x86_64: C++ on provided.al2, Rust on
// provided.al2023.
inline constexpr double kPublishedInitMsLow = 16;
inline constexpr double kPublishedInitMsHigh = 18;
// From exec to first request of a static program that does nothing else.
inline constexpr double kBareStartMs = 0.6;

// An estimate of Lambda's Init Duration: the published range, and what the program takes beyond a bare one.
struct InitEstimate {
  double low_ms = kPublishedInitMsLow;
  double high_ms = kPublishedInitMsHigh;
};
InitEstimate estimate_init(double exec_to_next_ms);

}  // namespace textlambda::package
