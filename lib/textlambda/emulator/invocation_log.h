// The lines that Lambda writes around an invocation, and the last of what the function printed between them.
// https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html
// Pure functions and a plain class, not thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "textlambda/emulator/invocation.h"

namespace textlambda::emulator {

std::string start_line(std::string_view request_id, std::string_view version);
std::string end_line(std::string_view request_id);
// Milliseconds with two decimals; billed by whole milliseconds, with the initialisation.
std::string report_line(std::string_view request_id, const Measures& measures, unsigned memory_mb);

// The last bytes of a text that may be long.
class LogTail {
 public:
  static constexpr std::size_t kBytes = 4096;  // what X-Amz-Log-Result holds
  void add(std::string_view text);
  std::string take();

 private:
  std::string text_;
};

}  // namespace textlambda::emulator
