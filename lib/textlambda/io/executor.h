// Work on numbered items by several threads, with results that do not depend on how many there are. The one place that
// knows how many threads a process may use: who has work takes an Executor, not a number.
#pragma once

#include <cstddef>
#include <functional>
#include <utility>

namespace textlambda::io {

// The number of threads this process may run at once (its CPU affinity), at least 1.
unsigned available_threads();

// Starts its threads with each call and ends them with it, so that it costs nothing while nobody calls. Thread-safe; a
// worker may call it again: the threads of both calls then work side by side.
class Executor {
 public:
  // Called with an item and the number of the worker, below workers(), for scratch space: an item's result must not
  // depend on it.
  using Work = std::function<void(std::size_t item, unsigned worker)>;

  // For work that may have to end early: called by every worker before each item, from several threads at once. What it
  // throws ends the call as if the item had.
  using Checkpoint = std::function<void()>;

  // The caller's thread alone.
  Executor() = default;
  // So many threads at once, the caller's among them; 0 counts as 1.
  explicit Executor(unsigned workers, Checkpoint checkpoint = {})
      : workers_(workers > 0 ? workers : 1), checkpoint_(std::move(checkpoint)) {}

  unsigned workers() const { return workers_; }
  // Calls the checkpoint, if there is one: for long work within an item.
  void check() const {
    if (checkpoint_) checkpoint_();
  }

  // Calls work(item, worker) once for each item in [0, items); items are claimed in rising order. Returns when all are
  // done. If items throw, the exception of the lowest one is rethrown, so that the same input gives the same error for
  // any number of workers.
  void run(std::size_t items, const Work& work) const;

  // The same for ranges of neighbouring items: calls work(begin, end) for [0, length), [length, 2·length), … up to
  // `items`.
  void run_ranges(std::size_t items, std::size_t length,
                  const std::function<void(std::size_t begin, std::size_t end)>& work) const;

 private:
  unsigned workers_ = 1;
  Checkpoint checkpoint_;
};

}  // namespace textlambda::io
