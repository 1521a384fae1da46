// Work on numbered items by several threads, with results that do not depend on how many there are.
#pragma once

#include <cstddef>
#include <functional>

namespace textlambda::io {

// Calls work(item, worker) once for each item in [0, items), on up to `threads` threads (at least one; the caller's is
// one of them), items claimed in rising order; worker < threads names the thread, for scratch space. An item's result
// must not depend on the worker. Returns when all are done. If items throw, the exception of the lowest one is
// rethrown, so that the same input gives the same error for any number of threads.
void parallel_for(std::size_t items, unsigned threads,
                  const std::function<void(std::size_t item, unsigned worker)>& work);

// The same for runs of neighbouring items: calls work(begin, end) for [0, run), [run, 2·run), … up to `items`.
void parallel_for_runs(std::size_t items, std::size_t run, unsigned threads,
                       const std::function<void(std::size_t begin, std::size_t end)>& work);

// The number of threads this process may run at once (its CPU affinity), at least 1.
unsigned available_threads();

}  // namespace textlambda::io
