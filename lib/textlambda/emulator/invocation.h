// One call of a function, and what became of it. Plain values.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace textlambda::emulator {

struct Invocation {
  std::string request_id;      // a UUID
  std::string event;           // JSON
  std::string client_context;  // JSON; empty: none
  std::string trace_id;
};

struct Outcome {
  bool function_error = false;  // `body` is the error, as the function said it or as the emulator had to
  std::string body;
  std::string
      log;  // what the function printed meanwhile, and the lines of START, END and REPORT around it; its end alone
};

// The times and memory of an invocation, as REPORT says them.
struct Measures {
  std::chrono::nanoseconds duration{};
  std::chrono::nanoseconds init{};  // 0 where the environment was warm
  std::uint64_t peak_bytes = 0;
  bool timed_out = false;
};

}  // namespace textlambda::emulator
