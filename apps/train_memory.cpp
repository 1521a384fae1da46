#include "train_memory.h"

#include <malloc.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <limits>

#include <fmt/format.h>

#include "textlambda/io/error.h"

namespace textlambda::command {
namespace {

struct Unit {
  const char* name;
  unsigned shift;
};

constexpr Unit kUnits[] = {{"KiB", 10}, {"MiB", 20}, {"GiB", 30}, {"TiB", 40}};

// A thread's stack, as the C library maps it.
constexpr std::uint64_t kAddressesPerThread = std::uint64_t{9} << 20;

// In bytes: mapped, and resident.
struct ProcessSize {
  std::uint64_t mapped = 0;
  std::uint64_t resident = 0;
};

ProcessSize process_size() {
  ProcessSize pages;
  std::ifstream("/proc/self/statm") >> pages.mapped >> pages.resident;
  const auto page = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  return {pages.mapped * page, pages.resident * page};
}

std::uint64_t parse_size(const std::string& text) {
  std::uint64_t count = 0;
  const char* const end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, count);
  for (const Unit& unit : kUnits) {
    if (parsed.ec != std::errc() || std::string(parsed.ptr, end) != unit.name || count == 0) continue;
    if (count > std::numeric_limits<std::uint64_t>::max() >> unit.shift) break;
    return count << unit.shift;
  }
  io::throw_usage(fmt::format("--memory: \"{}\" given, expected a size such as 512MiB or 2GiB", text));
}

}  // namespace

train::MemoryLimit memory_limit(const std::string& option, unsigned threads) {
  const std::uint64_t bytes = option.empty() ? 0 : parse_size(option);
  const ProcessSize now = process_size();
  train::MemoryLimit limit{bytes, now.resident, "--memory", true};
  struct rlimit addresses {};
  if (::getrlimit(RLIMIT_AS, &addresses) != 0 || addresses.rlim_cur == RLIM_INFINITY) return limit;
  ::mallopt(M_ARENA_MAX, 1);
  const std::uint64_t free = addresses.rlim_cur - std::min<std::uint64_t>(addresses.rlim_cur, now.mapped);
  const std::uint64_t of_threads = std::min((threads - 1) * kAddressesPerThread, free / 2);
  train::MemoryLimit mapped{addresses.rlim_cur, now.mapped + of_threads, "ulimit -v", false};
  const auto left = [](const train::MemoryLimit& of) { return of.bytes - std::min(of.bytes, of.present); };
  return bytes == 0 || left(mapped) < left(limit) ? mapped : limit;
}

}  // namespace textlambda::command
