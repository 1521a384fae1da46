// Times worked out by hand from the calendar: 1 January 2026 is a Thursday.
#include "textlambda/sources/schedule.h"

#include <string>
#include <vector>

#include "textlambda/io/error.h"
#include "textlambda/text/timestamp.h"

#include "tests/catch.h"

namespace textlambda::sources {
namespace {

Nanoseconds moment(const std::string& text) {
  const auto milliseconds = text::parse_rfc3339(text);
  REQUIRE(milliseconds);
  return *milliseconds * kMillisecond;
}

std::string next_text(const std::string& expression, const std::string& from) {
  const Nanoseconds next = Schedule(expression).next(moment(from), 0);
  return next == kNever ? "never" : text::rfc3339_seconds(milliseconds_of(next));
}

struct ScheduleRow {
  const char* expression;
  const char* from;
  const char* next;
};

TEST_CASE("when a cron expression is due next") {
  const std::vector<ScheduleRow> rows = {
      // The examples of EventBridge's own page.
      {"cron(0 10 * * ? *)", "2026-01-02T09:59:59Z", "2026-01-02T10:00:00Z"},
      {"cron(0 10 * * ? *)", "2026-01-02T10:00:00Z", "2026-01-03T10:00:00Z"},
      {"cron(15 12 * * ? *)", "2026-01-02T12:14:59.999Z", "2026-01-02T12:15:00Z"},
      {"cron(0 18 ? * MON-FRI *)", "2026-01-02T18:00:00Z", "2026-01-05T18:00:00Z"},
      {"cron(0 8 1 * ? *)", "2026-01-01T08:00:00Z", "2026-02-01T08:00:00Z"},
      {"cron(0/15 * * * ? *)", "2026-01-02T10:44:00Z", "2026-01-02T10:45:00Z"},
      {"cron(0/15 * * * ? *)", "2026-12-31T23:45:00Z", "2027-01-01T00:00:00Z"},
      {"cron(0/10 * ? * MON-FRI *)", "2026-01-02T23:50:00Z", "2026-01-05T00:00:00Z"},
      {"cron(0/5 8-17 ? * MON-FRI *)", "2026-01-02T17:55:00Z", "2026-01-05T08:00:00Z"},
      {"cron(0/30 20-2 ? * MON-FRI *)", "2026-01-05T02:30:00Z", "2026-01-05T20:00:00Z"},
      {"cron(0/30 20-2 ? * MON-FRI *)", "2026-01-05T23:30:00Z", "2026-01-06T00:00:00Z"},
      {"cron(0 10 ? * 6L 2019-2022)", "2022-11-25T10:00:00Z", "2022-12-30T10:00:00Z"},
      {"cron(0 10 ? * 6L 2019-2022)", "2022-12-30T10:00:00Z", "never"},
      // Days of the month.
      {"cron(0 0 L * ? *)", "2026-02-01T00:00:00Z", "2026-02-28T00:00:00Z"},
      {"cron(0 0 L 2 ? *)", "2026-03-01T00:00:00Z", "2027-02-28T00:00:00Z"},
      {"cron(0 0 L 2 ? 2028)", "2026-03-01T00:00:00Z", "2028-02-29T00:00:00Z"},
      {"cron(0 0 29 2 ? *)", "2026-01-01T00:00:00Z", "2028-02-29T00:00:00Z"},
      {"cron(0 0 31 * ? *)", "2026-01-31T00:00:00Z", "2026-03-31T00:00:00Z"},
      {"cron(30 6 1,15 * ? *)", "2026-01-01T06:30:00Z", "2026-01-15T06:30:00Z"},
      // 3 January 2026 is a Saturday, 4 January a Sunday; 1 August a Saturday, 31 May a Sunday.
      {"cron(0 9 3W * ? *)", "2026-01-01T00:00:00Z", "2026-01-02T09:00:00Z"},
      {"cron(0 9 4W * ? *)", "2026-01-01T00:00:00Z", "2026-01-05T09:00:00Z"},
      {"cron(0 9 1W 8 ? *)", "2026-07-31T00:00:00Z", "2026-08-03T09:00:00Z"},
      {"cron(0 9 31W 5 ? *)", "2026-05-01T00:00:00Z", "2026-05-29T09:00:00Z"},
      {"cron(0 9 15W * ? *)", "2026-01-01T00:00:00Z", "2026-01-15T09:00:00Z"},
      // Days of the week. Tuesdays of January 2026: 6, 13, 20, 27; Fridays: 2, 9, 16, 23, 30.
      {"cron(0 9 ? * 3#2 *)", "2026-01-01T00:00:00Z", "2026-01-13T09:00:00Z"},
      {"cron(0 9 ? * TUE#2 *)", "2026-01-13T09:00:00Z", "2026-02-10T09:00:00Z"},
      {"cron(0 9 ? * 6#5 *)", "2026-01-01T00:00:00Z", "2026-01-30T09:00:00Z"},
      {"cron(0 9 ? * 6#5 *)", "2026-01-30T09:00:00Z", "2026-05-29T09:00:00Z"},
      {"cron(0 9 ? * L *)", "2026-01-01T00:00:00Z", "2026-01-03T09:00:00Z"},  // the week's last, Saturday
      {"cron(0 9 ? * FRIL *)", "2026-01-01T00:00:00Z", "2026-01-30T09:00:00Z"},
      {"cron(0 9 ? * SUN *)", "2026-01-01T00:00:00Z", "2026-01-04T09:00:00Z"},
      {"cron(0 9 ? * 1 *)", "2026-01-01T00:00:00Z", "2026-01-04T09:00:00Z"},
      {"cron(0 9 ? * SAT-MON *)", "2026-01-04T09:00:00Z", "2026-01-05T09:00:00Z"},
      {"cron(0 9 ? * 2/2 *)", "2026-01-01T00:00:00Z", "2026-01-02T09:00:00Z"},  // Monday, Wednesday, Friday
      // Months and years.
      {"cron(0 0 1 JAN,jul ? *)", "2026-01-01T00:00:00Z", "2026-07-01T00:00:00Z"},
      {"cron(0 0 1 NOV-FEB ? *)", "2026-02-01T00:00:00Z", "2026-11-01T00:00:00Z"},
      {"cron(0 0 1 1/3 ? *)", "2026-04-01T00:00:00Z", "2026-07-01T00:00:00Z"},
      {"cron(0 0 1 1 ? 2030/10)", "2026-01-01T00:00:00Z", "2030-01-01T00:00:00Z"},
      {"cron(0 0 1 1 ? 2030/10)", "2030-01-01T00:00:00Z", "2040-01-01T00:00:00Z"},
      {"cron(0 0 1 1 ? 2199)", "2026-01-01T00:00:00Z", "2199-01-01T00:00:00Z"},
      {"cron(59 23 31 12 ? 2025)", "2026-01-01T00:00:00Z", "never"},
      // Lists of ranges with steps, and any white space.
      {"cron(0,20-40/10,59  6  * *  ? *)", "2026-01-02T06:00:00Z", "2026-01-02T06:20:00Z"},
      {"cron(0,20-40/10,59  6  * *  ? *)", "2026-01-02T06:40:30Z", "2026-01-02T06:59:00Z"},
      {"cron(*/7 * * * ? *)", "2026-01-02T06:50:00Z", "2026-01-02T06:56:00Z"},
      {"cron(*/7 * * * ? *)", "2026-01-02T06:56:00Z", "2026-01-02T07:00:00Z"},
  };
  for (const ScheduleRow& row : rows) {
    INFO(row.expression << " from " << row.from);
    CHECK(next_text(row.expression, row.from) == row.next);
  }
}

TEST_CASE("a rate is due whole periods after its start") {
  const Nanoseconds start = moment("2026-01-02T03:04:05Z");
  const Schedule schedule("rate(5 minutes)");
  CHECK(schedule.next(start - kSecond, start) == start + 300 * kSecond);
  CHECK(schedule.next(start, start) == start + 300 * kSecond);
  CHECK(schedule.next(start + 299 * kSecond, start) == start + 300 * kSecond);
  CHECK(schedule.next(start + 300 * kSecond, start) == start + 600 * kSecond);
  CHECK(Schedule("rate(1 minute)").next(start, start) == start + 60 * kSecond);
  CHECK(Schedule("rate(2 hours)").next(start, start) == start + 7200 * kSecond);
  CHECK(Schedule("rate(1 day)").next(start, start) == start + 86400 * kSecond);
  CHECK(Schedule("rate( 30  days )").next(start, start) == start + 30 * 86400 * kSecond);
}

TEST_CASE("what is no schedule is refused, with what was expected") {
  const std::vector<std::pair<const char*, const char*>> rows = {
      {"", "expected rate(5 minutes) or cron(0 10 ? * MON-FRI *)"},
      {"every minute", "is no schedule"},
      {"at(2026-01-01T00:00:00)", "is no schedule"},
      {"rate(5 minutes", "is no schedule"},
      {"rate(5)", "expected a whole number from 1 on and minute(s), hour(s) or day(s)"},
      {"rate(0 minutes)", "expected a whole number from 1 on"},
      {"rate(-1 minutes)", "expected a whole number from 1 on"},
      {"rate(1.5 hours)", "expected a whole number from 1 on"},
      {"rate(5 seconds)", "minute(s), hour(s) or day(s)"},
      {"rate(1 minutes)", "expected \"1 minute\""},
      {"rate(5 minute)", "expected \"5 minutes\""},
      {"cron(0 10 * * ?)", "has 5 fields, expected 6"},
      {"cron(0 10 * * ? * *)", "has 7 fields"},
      {"cron(0 10 * * * *)", "expected ? for either"},
      {"cron(0 10 ? * ? *)", "expected ? for either"},
      {"cron(60 10 * * ? *)", "minutes of \"60\": expected 0 to 59"},
      {"cron(0 24 * * ? *)", "hours of \"24\": expected 0 to 23"},
      {"cron(0 10 0 * ? *)", "days of the month of \"0\": expected 1 to 31"},
      {"cron(0 10 32 * ? *)", "days of the month of \"32\""},
      {"cron(0 10 W * ? *)", "days of the month of \"\""},
      {"cron(0 10 * 13 ? *)", "months of \"13\": expected 1 to 12 or JAN to DEC"},
      {"cron(0 10 * XYZ ? *)", "months of \"XYZ\""},
      {"cron(0 10 ? * 0 *)", "days of the week of \"0\": expected 1 to 7 or SUN to SAT"},
      {"cron(0 10 ? * 8 *)", "days of the week of \"8\""},
      {"cron(0 10 ? * 3#6 *)", "days of the week of \"3#6\""},
      {"cron(0 10 ? * 3#1,6#3 *)", "days of the week of \"3#1,6#3\""},
      {"cron(0 10 * * ? 1969)", "years of \"1969\": expected 1970 to 2199"},
      {"cron(0 10 * * ? 2030-2020)", "years of \"2030-2020\""},
      {"cron(0/0 10 * * ? *)", "minutes of \"0/0\""},
      {"cron(a 10 * * ? *)", "minutes of \"a\""},
      {"cron(1, 10 * * ? *)", "minutes of \"\""},
  };
  for (const auto& [expression, expected] : rows) {
    INFO(expression);
    try {
      Schedule refused(expression);
      FAIL("was taken");
    } catch (const io::Error& error) {
      CHECK(error.kind() == io::ErrorKind::usage);
      CHECK_THAT(error.what(), Catch::Contains(expected));
    }
  }
}

}  // namespace
}  // namespace textlambda::sources
