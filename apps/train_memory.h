// How much memory a command may take: what its user says, and what the system lets it have.
#pragma once

#include <string>

#include "textlambda/train/memory_plan.h"

namespace textlambda::command {

// The tighter of `option`, what --memory says ("1GiB"; may be empty), and of a limit on the address space (ulimit -v),
// of which each of `threads` takes some for itself; with what the process has now. Under such a limit the threads share
// one heap from now on: the C library would map 64 MiB for each. Throws Error(usage) for what is no size.
train::MemoryLimit memory_limit(const std::string& option, unsigned threads);

}  // namespace textlambda::command
