// Points in time as logs write them.
#pragma once

#include <cstdint>
#include <string>

namespace textlambda::telemetry {

// RFC 3339 in UTC with milliseconds, "2026-11-03T10:22:00.123Z", of milliseconds since 1970; years 0 to 9999, what lies
// beyond is taken as the nearest of them.
std::string rfc3339(std::int64_t epoch_ms);

}  // namespace textlambda::telemetry
