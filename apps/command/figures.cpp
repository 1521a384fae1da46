#include "command/figures.h"

#include <sys/resource.h>

#include <fmt/format.h>

namespace textlambda::command {

std::string bytes_text(std::uint64_t bytes) {
  const auto value = static_cast<double>(bytes);
  if (value < 1e3) return fmt::format("{} B", bytes);
  if (value < 1e6) return fmt::format("{:.{}f} kB", value / 1e3, value < 1e4 ? 1 : 0);
  if (value < 1e9) return fmt::format("{:.{}f} MB", value / 1e6, value < 1e7 ? 1 : 0);
  return fmt::format("{:.1f} GB", value / 1e9);
}

std::string percent(double fraction, int decimals) { return fmt::format("{:.{}f} %", fraction * 100, decimals); }

std::string percent_range(double low, double high) { return fmt::format("({:.1f} … {:.1f})", low * 100, high * 100); }

std::uint64_t peak_memory() {
  struct rusage usage {};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
}

}  // namespace textlambda::command
