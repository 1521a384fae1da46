// One call of a function, and what became of it. Plain values.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

namespace textlambda::emulator {

class AnswerStream;

struct Invocation {
  std::string request_id;      // a UUID
  std::string event;           // JSON
  std::string client_context;  // JSON; empty: none
  std::string trace_id;
  std::string invoked_arn;  // as the caller qualified it
  std::string tenant_id;    // empty: none
  // Where an answer that the function streams goes as it comes; none: the caller gets it whole.
  std::shared_ptr<AnswerStream> stream = {};
};

// The times and memory of an invocation, as REPORT says them.
struct Measures {
  std::chrono::nanoseconds duration{};
  std::chrono::nanoseconds init{};  // 0 where the environment was warm
  std::uint64_t peak_bytes = 0;
  bool timed_out = false;
};

struct Outcome {
  bool function_error = false;  // `body` is the error, as the function said it or as the emulator had to
  std::string body;
  std::string content_type;  // that the function sent it with; may be empty
  bool streamed = false;     // the function's response mode
  // What went to the caller as it came; `body` has it too, unless it was more than an answer that is not streamed may
  // be.
  std::uint64_t passed_on = 0;
  std::uint64_t answer_bytes() const { return passed_on > 0 ? passed_on : body.size(); }
  std::string error_type;  // of a function_error, as far as it is known
  // What the function printed meanwhile, and the lines of START, END and REPORT around it; its end alone.
  std::string log;
  bool cold = false;
  Measures measures;
  // The process ended, having answered the last one, before it asked for this one: nothing of it was begun or logged.
  bool untouched = false;
};

}  // namespace textlambda::emulator
