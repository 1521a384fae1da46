// What AWS takes as options of queues, streams and mappings. Pure functions that throw Error(usage).
#pragma once

#include <cstdint>

#include "textlambda/sources/time.h"

namespace textlambda::sources {

// `name` is what the option is called in a message: "a batch", "a visibility timeout".
void expect_count(const char* name, std::uint64_t value, std::uint64_t least, std::uint64_t most);
void expect_seconds(const char* name, Nanoseconds value, std::int64_t least, std::int64_t most);

}  // namespace textlambda::sources
