#include "textlambda/telemetry/timestamp.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>

namespace textlambda::telemetry {

std::string rfc3339(std::int64_t epoch_ms) {
  namespace chrono = std::chrono;
  constexpr std::int64_t kFirst = -62167219200000;  // 0000-01-01T00:00:00.000Z
  constexpr std::int64_t kLast = 253402300799999;   // 9999-12-31T23:59:59.999Z
  const chrono::milliseconds since(std::clamp(epoch_ms, kFirst, kLast));
  const auto day = chrono::floor<chrono::days>(since);
  const chrono::year_month_day date{chrono::sys_days(day)};
  const chrono::hh_mm_ss time(since - day);
  std::array<char, 40> text{};
  const int length =
      std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
                    static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                    static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                    static_cast<int>(time.seconds().count()), static_cast<int>(time.subseconds().count()));
  return {text.data(), static_cast<std::size_t>(length)};
}

}  // namespace textlambda::telemetry
