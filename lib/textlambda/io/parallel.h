// What is left of the time when each function took a number of threads: new code takes an Executor.
#pragma once

#include "textlambda/io/executor.h"

namespace textlambda::io {

inline void parallel_for(std::size_t items, unsigned threads, const Executor::Work& work) {
  Executor(threads).run(items, work);
}

}  // namespace textlambda::io
