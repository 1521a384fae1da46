#include "textlambda/sources/option_limits.h"

#include <fmt/format.h>

#include "textlambda/io/error.h"

namespace textlambda::sources {

void expect_count(const char* name, std::uint64_t value, std::uint64_t least, std::uint64_t most) {
  if (value < least || value > most) {
    io::throw_usage(fmt::format("{} of {}: expected {} to {}", name, value, least, most));
  }
}

void expect_seconds(const char* name, Nanoseconds value, std::int64_t least, std::int64_t most) {
  if (value < least * kSecond || value > most * kSecond) {
    io::throw_usage(
        fmt::format("{} of {:g} s: expected {} to {}", name, static_cast<double>(value) / 1e9, least, most));
  }
}

}  // namespace textlambda::sources
