#include "textlambda/text/timestamp.h"

#include <cstdint>
#include <utility>

#include "tests/catch.h"

namespace textlambda::text {
namespace {

TEST_CASE("points in time, as date(1) writes them") {
  const std::pair<std::int64_t, const char*> rows[] = {
      {0, "1970-01-01T00:00:00.000Z"},
      {-1, "1969-12-31T23:59:59.999Z"},
      {951782400005, "2000-02-29T00:00:00.005Z"},
      {1700000000042, "2023-11-14T22:13:20.042Z"},
      {4107542399999, "2100-02-28T23:59:59.999Z"},
      {4107542400000, "2100-03-01T00:00:00.000Z"},
      {253402300799999, "9999-12-31T23:59:59.999Z"},
      {253402300800000, "9999-12-31T23:59:59.999Z"},
      {INT64_MIN, "0000-01-01T00:00:00.000Z"},
  };
  for (const auto& [time, text] : rows) CHECK(rfc3339(time) == text);
}

TEST_CASE("points in time are read back, as date -u -d TEXT +%s%3N reads them") {
  const std::pair<const char*, std::int64_t> rows[] = {
      {"1970-01-01T00:00:00Z", 0},
      {"2026-11-03T10:22:00.123Z", 1793701320123},
      {"2026-11-03T11:22:00.123+01:00", 1793701320123},
      {"2026-11-03t10:22:00.1z", 1793701320100},
      {"2026-11-03 10:22:00.123987654Z", 1793701320123},
      {"2024-02-29T23:59:59-05:30", 1709270999000},
      {"2016-12-31T23:59:60Z", 1483228800000},
      {"1969-12-31T23:59:59.999Z", -1},
  };
  for (const auto& [text, time] : rows) {
    INFO(text);
    CHECK(parse_rfc3339(text) == time);
  }
  CHECK(rfc3339_seconds(1793701320123) == "2026-11-03T10:22:00Z");
}

TEST_CASE("what is no point in time is none") {
  for (const char* const text :
       {"", "Z", "2026", "2026-11-03", "2026-11-03T10:22:00", "2026-11-03T10:22Z", "2026-11-03T10:22:00.Z",
        "2026-02-29T10:22:00Z", "2026-13-03T10:22:00Z", "2026-11-03T24:22:00Z", "2026-11-03T10:60:00Z",
        "2026-11-03T10:22:61Z", "2026-11-03T10:22:00ZZ", "2026-11-03T10:22:00+0100", "2026-11-03T10:22:00+25:00",
        " 2026-11-03T10:22:00Z", "-026-11-03T10:22:00Z", "2026-1-003T10:22:00Z", "1793701320"}) {
    INFO(text);
    CHECK(parse_rfc3339(text) == std::nullopt);
  }
}

}  // namespace
}  // namespace textlambda::text
