// A small page for people, `/_textlambda/`, and what it asks for: functions and their environments, invocations as they
// happen, the log's end, sample events. The page invokes functions as everybody does, through the Invoke API of the
// same address.
//
// One document that carries its style, its scripts and Chart.js; its content security policy lets it load nothing, run
// nothing but those scripts (a nonce that is new for every answer), speak to nothing but its own origin, and stand in
// no frame. What comes from functions is text in it, never HTML. Only pages that it serves itself may ask for what is
// below
// `/_textlambda/` (browser_guard.h). Not thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "textlambda/emulator/asio.h"
#include "textlambda/emulator/invocation_history.h"

namespace textlambda::emulator {

// What the page shows of functions as they are now.
struct ShownEnvironment {
  std::string id;     // the name of its log stream, say
  std::string state;  // "starting", "idle", "busy"
  std::chrono::milliseconds age{};
  std::uint64_t invocations = 0;
  std::uint64_t peak_bytes = 0;
};
struct ShownFunction {
  std::string name;
  std::string version = "$LATEST";
  std::string handler;
  unsigned memory_mb = 128;
  std::chrono::milliseconds timeout{};
  unsigned concurrency = 0;          // environments at a time
  std::vector<std::string> aliases;  // and versions: what may be called besides
  std::vector<ShownEnvironment> environments;
};
std::string functions_json(const std::vector<ShownFunction>& functions);

// {"text":…,"events":[{"source":"sqs","event":"{…}"},…]}: of each source an event with that text, as indented JSON.
std::string sample_events_json(std::string_view text);

class PageFace {
 public:
  // `history` has to outlive it. `functions_json` gives what the function of that name gives, `log_tail` what
  // RecentLog::text() does; both are called while a request is answered. `more_hosts` as browser_refusal() has it.
  PageFace(const InvocationHistory& history, std::function<std::string()> functions_json,
           std::function<std::string()> log_tail, std::vector<std::string> more_hosts = {});

  // Whether a request target is one of the page's.
  static bool owns(std::string_view target);
  http::Response answer(const ServerRequest& request) const;

 private:
  http::Response page() const;

  const InvocationHistory& history_;
  std::function<std::string()> functions_json_;
  std::function<std::string()> log_tail_;
  std::vector<std::string> more_hosts_;
};

}  // namespace textlambda::emulator
