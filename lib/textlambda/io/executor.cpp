#include "textlambda/io/executor.h"

#include <sched.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <new>
#include <system_error>
#include <thread>
#include <vector>

namespace textlambda::io {

unsigned available_threads() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (::sched_getaffinity(0, sizeof set, &set) == 0) {
    return static_cast<unsigned>(std::max(1, CPU_COUNT(&set)));
  }
  return std::max(1U, std::thread::hardware_concurrency());
}

void Executor::run(std::size_t items, const Work& work) const {
  std::atomic<std::size_t> next{0};
  std::atomic<bool> failed{false};
  std::mutex mutex;
  std::size_t failed_item = items;
  std::exception_ptr failure;

  const auto run = [&](unsigned worker) {
    while (!failed.load(std::memory_order_relaxed)) {
      const std::size_t item = next.fetch_add(1, std::memory_order_relaxed);
      if (item >= items) return;
      try {
        check();
        work(item, worker);
      } catch (...) {
        // Every lower item was claimed before this one and is run to its end, so the lowest failure is always seen.
        const std::lock_guard<std::mutex> lock(mutex);
        if (item < failed_item) {
          failed_item = item;
          failure = std::current_exception();
        }
        failed.store(true, std::memory_order_relaxed);
      }
    }
  };

  const auto wanted = static_cast<unsigned>(std::min<std::size_t>(workers_, std::max<std::size_t>(items, 1)));
  std::vector<std::thread> others;
  others.reserve(wanted - 1);
  for (unsigned worker = 1; worker < wanted; ++worker) {
    try {
      others.emplace_back(run, worker);
    } catch (const std::system_error&) {
      break;  // the system gives no more threads: those there are do all the work
    } catch (const std::bad_alloc&) {
      break;  // nor the memory for one
    }
  }
  run(0);
  for (std::thread& thread : others) thread.join();
  if (failure) std::rethrow_exception(failure);
}

void Executor::run_ranges(std::size_t items, std::size_t length,
                          const std::function<void(std::size_t begin, std::size_t end)>& work) const {
  const std::size_t ranges = items / length + (items % length > 0 ? 1 : 0);
  run(ranges, [&](std::size_t number, unsigned) {
    work(number * length, number * length + std::min(length, items - number * length));
  });
}

}  // namespace textlambda::io
