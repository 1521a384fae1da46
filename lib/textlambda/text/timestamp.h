// Points in time as logs and events write them. Pure functions, thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace textlambda::text {

// RFC 3339 in UTC with milliseconds, "2026-11-03T10:22:00.123Z", of milliseconds since 1970; years 0 to 9999, what lies
// beyond is taken as the nearest of them.
std::string rfc3339(std::int64_t epoch_ms);
// The same without the milliseconds, "2026-11-03T10:22:00Z".
std::string rfc3339_seconds(std::int64_t epoch_ms);

// Milliseconds since 1970 of a whole text of that form, with "Z" or an offset such as +01:00, with any number of
// decimals or none; nothing for any other text. A leap second is the second after it.
std::optional<std::int64_t> parse_rfc3339(std::string_view text);

}  // namespace textlambda::text
