#include "textlambda/aws/surroundings.h"

#include <atomic>
#include <cstdlib>
#include <random>
#include <thread>

namespace textlambda::aws {

namespace {

// Of the steady clock's epoch; 0: none.
std::atomic<std::chrono::steady_clock::rep> requests_end{0};

}  // namespace

void end_requests_by(std::optional<std::chrono::steady_clock::time_point> until) {
  requests_end = until ? until->time_since_epoch().count() : 0;
}

Surroundings of_this_process() {
  Surroundings own;
  own.variable = [](const char* name) {
    const char* const value = std::getenv(name);
    return std::string(value == nullptr ? "" : value);
  };
  own.now = [] { return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()); };
  own.elapsed = [] {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now().time_since_epoch());
  };
  own.sleep = [](std::chrono::milliseconds time) { std::this_thread::sleep_for(time); };
  own.random = [] {
    thread_local std::mt19937_64 source{std::random_device()()};
    return std::uniform_real_distribution<double>(0, 1)(source);
  };
  own.until = []() -> std::optional<std::chrono::steady_clock::time_point> {
    using Clock = std::chrono::steady_clock;
    const Clock::rep end = requests_end;
    return end == 0 ? std::nullopt : std::optional(Clock::time_point(Clock::duration(end)));
  };
  return own;
}

}  // namespace textlambda::aws
