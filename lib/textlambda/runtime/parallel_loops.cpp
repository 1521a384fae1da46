#include "textlambda/runtime/parallel_loops.h"

#include <algorithm>
#include <charconv>
#include <exception>
#include <mutex>
#include <string_view>
#include <thread>
#include <vector>

namespace textlambda::runtime {

unsigned loops_wanted(const char* value) {
  const std::string_view text = value == nullptr ? "" : value;
  unsigned count = 1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error == std::errc::result_out_of_range) return kMostLoops;
  if (error != std::errc() || end != text.data() + text.size()) return 1;
  return std::clamp(count, 1U, kMostLoops);
}

void run_in_parallel(unsigned count, const std::function<void()>& loop, const std::function<void()>& interrupt) {
  if (count <= 1) {
    loop();
    return;
  }
  std::mutex guard;
  std::exception_ptr first;
  const auto run_one = [&] {
    try {
      loop();
    } catch (...) {
      const std::lock_guard lock(guard);
      if (!first) first = std::current_exception();
      interrupt();
    }
  };
  std::vector<std::thread> threads;
  threads.reserve(count);
  for (unsigned i = 0; i < count; ++i) threads.emplace_back(run_one);
  for (std::thread& thread : threads) thread.join();
  if (first) std::rethrow_exception(first);
}

}  // namespace textlambda::runtime
