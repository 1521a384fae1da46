// When a schedule of EventBridge is due: rate(5 minutes), cron(0 10 ? * MON-FRI *), in UTC.
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
// Immutable; thread-safe.
#pragma once

#include <bitset>
#include <cstdint>
#include <string_view>

#include "textlambda/sources/time.h"

namespace textlambda::sources {

class Schedule {
 public:
  // Throws Error(usage) that names the field, what it has and what was expected.
  explicit Schedule(std::string_view expression);

  // The first time later than `moment`; kNever where there is none. Of a rate, times are whole periods after `start`.
  Nanoseconds next(Nanoseconds moment, Nanoseconds start) const;

 private:
  static constexpr int kFirstYear = 1970;
  static constexpr int kLastYear = 2199;

  // Which days of a month: by their number, or by the day of the week.
  struct Days {
    bool any_month_day = false;  // "?" there: the day of the week decides
    std::bitset<32> month_days;
    std::bitset<32> nearest_weekdays;  // 15W: the weekday nearest to the 15th, in the same month
    bool last_day = false;             // L
    std::bitset<8> week_days;          // 1, Sunday, to 7
    std::bitset<8> last_week_days;     // 6L: the last Friday of the month
    unsigned nth_week_day = 0;         // 6#3: the third Friday
    unsigned nth = 0;
  };

  void parse_rate(std::string_view text);
  void parse_cron(std::string_view text);
  void parse_month_days(std::string_view field);
  void parse_week_days(std::string_view field);
  // The days of a month that match, by their number.
  std::bitset<32> days_of(int year, unsigned month) const;
  Nanoseconds next_in_day(std::int64_t day, Nanoseconds earliest) const;
  Nanoseconds next_cron(Nanoseconds moment) const;

  Nanoseconds period_ = 0;  // of a rate; 0: a cron expression
  std::bitset<60> minutes_;
  std::bitset<24> hours_;
  std::bitset<13> months_;
  std::bitset<kLastYear - kFirstYear + 1> years_;
  Days days_;
};

}  // namespace textlambda::sources
