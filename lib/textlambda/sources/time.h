// Time as the sources count it: nanoseconds since 1970 in UTC, of a real clock or a virtual one. Whoever calls says
// what time it is; nothing here looks at a clock.
#pragma once

#include <cstdint>

namespace textlambda::sources {

using Nanoseconds = std::int64_t;

inline constexpr Nanoseconds kMillisecond = 1'000'000;
inline constexpr Nanoseconds kSecond = 1'000'000'000;
// Later than anything: nothing is due.
inline constexpr Nanoseconds kNever = INT64_MAX;

// `span` after `moment`, both from 0 on; kNever where that is beyond what can be counted.
constexpr Nanoseconds after(Nanoseconds moment, Nanoseconds span) {
  return span >= kNever - moment ? kNever : moment + span;
}

// Before the try that follows `tries` others: a second, doubled each time up to half a minute. AWS says that the pause
// grows, and not how.
constexpr Nanoseconds retry_pause(std::uint32_t tries) { return kSecond << (tries < 5 ? tries : 5U); }

constexpr std::int64_t milliseconds_of(Nanoseconds time) { return time / kMillisecond; }

}  // namespace textlambda::sources
