// Points in time as logs write them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace textlambda::lambda {

// RFC 3339 in UTC with milliseconds, "2026-11-03T10:22:00.123Z", of milliseconds since 1970; years 0 to 9999, what lies
// beyond is taken as the nearest of them.
std::string rfc3339(std::int64_t epoch_ms);
// A date-time of RFC 3339, section 5.6: a day that exists, a time with seconds, an offset. T and Z may be small and T a
// blank, a leap second is one at any minute.
bool is_rfc3339(std::string_view text);

}  // namespace textlambda::lambda
