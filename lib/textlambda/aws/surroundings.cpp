#include "textlambda/aws/surroundings.h"

#include <cstdlib>
#include <random>
#include <thread>

namespace textlambda::aws {

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
  return own;
}

}  // namespace textlambda::aws
