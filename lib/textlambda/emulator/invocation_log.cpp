#include "textlambda/emulator/invocation_log.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "textlambda/emulator/billing.h"

namespace textlambda::emulator {
namespace {

double milliseconds(std::chrono::nanoseconds time) { return static_cast<double>(time.count()) / 1e6; }

}  // namespace

std::string start_line(std::string_view request_id, std::string_view version) {
  return fmt::format("START RequestId: {} Version: {}\n", request_id, version);
}

std::string end_line(std::string_view request_id) { return fmt::format("END RequestId: {}\n", request_id); }

std::string report_line(std::string_view request_id, const Measures& measures, unsigned memory_mb) {
  const auto billed = billed_duration(measures.duration, measures.init).count();
  const std::uint64_t peak_mb = std::max<std::uint64_t>(1, (measures.peak_bytes + (1U << 20) - 1) >> 20);
  std::string line = fmt::format(
      "REPORT RequestId: {}\tDuration: {:.2f} ms\tBilled Duration: {} ms\tMemory Size: {} MB\tMax Memory Used: {} "
      "MB",
      request_id, milliseconds(measures.duration), billed, memory_mb, peak_mb);
  if (measures.init.count() > 0) line += fmt::format("\tInit Duration: {:.2f} ms", milliseconds(measures.init));
  if (measures.timed_out) line += "\tStatus: timeout";
  return line + "\n";
}

void LogTail::add(std::string_view text) {
  if (text.size() >= kBytes) {
    text_ = text.substr(text.size() - kBytes);
    return;
  }
  text_ += text;
  if (text_.size() > 2 * kBytes) text_.erase(0, text_.size() - kBytes);
}

std::string LogTail::take() {
  std::string tail = std::exchange(text_, {});
  if (tail.size() > kBytes) tail.erase(0, tail.size() - kBytes);
  return tail;
}

}  // namespace textlambda::emulator
