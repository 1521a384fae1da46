#include "textlambda/sources/schedule.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "textlambda/io/error.h"

namespace textlambda::sources {
namespace {

namespace chrono = std::chrono;

constexpr Nanoseconds kMinute = 60 * kSecond;
constexpr Nanoseconds kDay = 24 * 60 * kMinute;

constexpr std::array<std::string_view, 12> kMonthNames = {"JAN", "FEB", "MAR", "APR", "MAY", "JUN",
                                                          "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"};
constexpr std::array<std::string_view, 7> kDayNames = {"SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"};

std::vector<std::string_view> pieces_of(std::string_view text, std::string_view separators) {
  std::vector<std::string_view> pieces;
  while (true) {
    const std::size_t end = std::min(text.find_first_of(separators), text.size());
    pieces.push_back(text.substr(0, end));
    if (end == text.size()) return pieces;
    text.remove_prefix(end + 1);
  }
}

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words = pieces_of(text, " \t");
  std::erase(words, std::string_view());
  return words;
}

std::optional<unsigned> whole_number(std::string_view text) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

// One field of a cron expression: what it is called, and its values by number or by name.
struct CronField {
  std::string_view name;
  unsigned first = 0;
  unsigned last = 0;
  const std::string_view* names = nullptr;  // of the values from `first` on
  std::string_view also = {};               // what else may stand there
  bool wraps = true;                        // a range may go from high to low

  [[noreturn]] void refuse(std::string_view given) const {
    const std::string by_name = names == nullptr ? "" : fmt::format(" or {} to {}", names[0], names[last - first]);
    io::throw_usage(fmt::format("cron: {} of \"{}\": expected {} to {}{}, *, lists (,), ranges (-) and steps (/){}",
                                name, given, first, last, by_name, also));
  }

  unsigned value(std::string_view text) const {
    const std::optional<unsigned> number = whole_number(text);
    if (number && *number >= first && *number <= last) return *number;
    for (unsigned i = 0; names != nullptr && !number && i <= last - first; ++i) {
      const bool same = std::equal(text.begin(), text.end(), names[i].begin(), names[i].end(),
                                   [](char a, char b) { return std::toupper(static_cast<unsigned char>(a)) == b; });
      if (same) return first + i;
    }
    refuse(text);
  }

  // A value, a range, or *, with a step behind it or none. `origin` is what the bit 0 stands for.
  template <std::size_t kBits>
  void add(std::string_view piece, unsigned origin, std::bitset<kBits>& bits) const {
    const std::size_t slash = piece.find('/');
    const std::string_view range = piece.substr(0, slash);
    unsigned step = 1;
    if (slash != std::string_view::npos) {
      step = whole_number(piece.substr(slash + 1)).value_or(0);
      if (step == 0) refuse(piece);
    }
    unsigned low = first;
    unsigned high = last;
    if (range != "*") {
      const std::size_t dash = range.find('-');
      low = value(range.substr(0, dash));
      // A single value with a step goes on to the end.
      if (dash != std::string_view::npos) {
        high = value(range.substr(dash + 1));
      } else if (slash == std::string_view::npos) {
        high = low;
      }
      if (low > high && !wraps) refuse(piece);
    }
    // 20-2 of hours goes on behind midnight.
    const unsigned size = last - first + 1;
    const unsigned end = low > high ? high + size : high;
    for (unsigned i = low; i <= end; i += step) bits.set(first + (i - first) % size - origin);
  }

  template <std::size_t kBits>
  void add_all(std::string_view field, unsigned origin, std::bitset<kBits>& bits) const {
    for (const std::string_view piece : pieces_of(field, ",")) add(piece, origin, bits);
  }
};

constexpr CronField kMinutes = {"minutes", 0, 59};
constexpr CronField kHours = {"hours", 0, 23};
constexpr CronField kMonthDays = {"days of the month", 1, 31, nullptr, ", ?, L, and 1W to 31W"};
constexpr CronField kMonths = {"months", 1, 12, kMonthNames.data()};
constexpr CronField kWeekDays = {"days of the week", 1, 7, kDayNames.data(), ", ?, L, 1L to 7L, and 1#1 to 7#5"};
constexpr CronField kYears = {"years", 1970, 2199, nullptr, "", false};

chrono::sys_days first_of(int year, unsigned month) {
  return chrono::sys_days(chrono::year(year) / chrono::month(month) / 1);
}

unsigned days_in(int year, unsigned month) {
  return static_cast<unsigned>((chrono::year(year) / chrono::month(month) / chrono::last).day());
}

// 1, Sunday, to 7.
unsigned week_day(int year, unsigned month, unsigned day) {
  return chrono::weekday(first_of(year, month) + chrono::days(day - 1)).c_encoding() + 1;
}

unsigned nearest_weekday(int year, unsigned month, unsigned day) {
  const unsigned of_week = week_day(year, month, day);
  if (of_week == 7) return day > 1 ? day - 1 : day + 2;
  if (of_week == 1) return day < days_in(year, month) ? day + 1 : day - 2;
  return day;
}

}  // namespace

Schedule::Schedule(std::string_view expression) {
  const std::size_t open = expression.find('(');
  const std::string_view kind = expression.substr(0, open);
  if (open == std::string_view::npos || !expression.ends_with(')') || (kind != "rate" && kind != "cron")) {
    io::throw_usage(
        fmt::format("\"{}\" is no schedule: expected rate(5 minutes) or cron(0 10 ? * MON-FRI *)", expression));
  }
  const std::string_view inside = expression.substr(open + 1, expression.size() - open - 2);
  if (kind == "rate") {
    parse_rate(inside);
  } else {
    parse_cron(inside);
  }
}

void Schedule::parse_rate(std::string_view text) {
  constexpr std::string_view kExpected = "expected a whole number from 1 on and minute(s), hour(s) or day(s)";
  const std::vector<std::string_view> words = words_of(text);
  const std::optional<unsigned> value = words.size() == 2 ? whole_number(words[0]) : std::nullopt;
  if (!value || *value == 0) io::throw_usage(fmt::format("rate of \"{}\": {}", text, kExpected));
  constexpr std::array<std::pair<std::string_view, Nanoseconds>, 3> kUnits = {
      {{"minute", kMinute}, {"hour", 60 * kMinute}, {"day", kDay}}};
  for (const auto& [unit, length] : kUnits) {
    const std::string wanted = std::string(unit) + (*value == 1 ? "" : "s");
    if (words[1] == wanted) {
      period_ = std::min<Nanoseconds>(*value, kNever / length) * length;
      return;
    }
    if (words[1] == unit || words[1] == std::string(unit) + "s") {
      io::throw_usage(fmt::format("rate of \"{}\": expected \"{} {}\"", text, *value, wanted));
    }
  }
  io::throw_usage(fmt::format("rate of \"{}\": {}", text, kExpected));
}

void Schedule::parse_cron(std::string_view text) {
  const std::vector<std::string_view> fields = words_of(text);
  if (fields.size() != 6) {
    io::throw_usage(
        fmt::format("cron of \"{}\": has {} fields, expected 6: minutes, hours, days of the month, months, days of the "
                    "week, years",
                    text, fields.size()));
  }
  if ((fields[2] == "?") == (fields[4] == "?")) {
    io::throw_usage(
        fmt::format("cron of \"{}\": expected ? for either the days of the month or the days of the week, and "
                    "something else for the "
                    "other",
                    text));
  }
  kMinutes.add_all(fields[0], 0, minutes_);
  kHours.add_all(fields[1], 0, hours_);
  parse_month_days(fields[2]);
  kMonths.add_all(fields[3], 0, months_);
  parse_week_days(fields[4]);
  kYears.add_all(fields[5], kYears.first, years_);
}

void Schedule::parse_month_days(std::string_view field) {
  days_.any_month_day = field == "?";
  if (days_.any_month_day) return;
  for (const std::string_view piece : pieces_of(field, ",")) {
    if (piece == "L") {
      days_.last_day = true;
    } else if (piece.ends_with('W')) {
      days_.nearest_weekdays.set(kMonthDays.value(piece.substr(0, piece.size() - 1)));
    } else {
      kMonthDays.add(piece, 0, days_.month_days);
    }
  }
}

void Schedule::parse_week_days(std::string_view field) {
  if (field == "?") return;
  for (const std::string_view piece : pieces_of(field, ",")) {
    const std::size_t hash = piece.find('#');
    if (hash != std::string_view::npos) {
      const std::optional<unsigned> nth = whole_number(piece.substr(hash + 1));
      if (piece != field || !nth || *nth < 1 || *nth > 5) kWeekDays.refuse(field);
      days_.nth_week_day = kWeekDays.value(piece.substr(0, hash));
      days_.nth = *nth;
    } else if (piece == "L") {
      days_.week_days.set(7);  // of the week, not of the month
    } else if (piece.ends_with('L')) {
      days_.last_week_days.set(kWeekDays.value(piece.substr(0, piece.size() - 1)));
    } else {
      kWeekDays.add(piece, 0, days_.week_days);
    }
  }
}

std::bitset<32> Schedule::days_of(int year, unsigned month) const {
  const unsigned count = days_in(year, month);
  std::bitset<32> found;
  for (unsigned day = 1; day <= count; ++day) {
    if (!days_.any_month_day) {
      if (days_.month_days[day]) found.set(day);
      if (days_.nearest_weekdays[day]) found.set(nearest_weekday(year, month, day));
      continue;
    }
    const unsigned of_week = week_day(year, month, day);
    const bool nth = of_week == days_.nth_week_day && (day - 1) / 7 + 1 == days_.nth;
    const bool last = days_.last_week_days[of_week] && day + 7 > count;
    if (days_.week_days[of_week] || nth || last) found.set(day);
  }
  if (!days_.any_month_day && days_.last_day) found.set(count);
  return found;
}

Nanoseconds Schedule::next(Nanoseconds moment, Nanoseconds start) const {
  if (period_ == 0) return next_cron(moment);
  if (moment < start) return after(start, period_);
  return after(start, ((moment - start) / period_ + 1) * period_);
}

// The first time of a matching day that is not before `earliest`; kNever where there is none.
Nanoseconds Schedule::next_in_day(std::int64_t day, Nanoseconds earliest) const {
  for (unsigned hour = 0; hour < hours_.size(); ++hour) {
    if (!hours_[hour]) continue;
    for (unsigned minute = 0; minute < minutes_.size(); ++minute) {
      const Nanoseconds time = day * kDay + (hour * 60 + minute) * kMinute;
      if (minutes_[minute] && time >= earliest) return time;
    }
  }
  return kNever;
}

Nanoseconds Schedule::next_cron(Nanoseconds moment) const {
  const Nanoseconds earliest = moment < 0 ? 0 : (moment / kMinute + 1) * kMinute;
  const chrono::sys_days today{chrono::days(earliest / kDay)};
  const chrono::year_month_day date(today);
  for (int year = std::max(static_cast<int>(date.year()), kFirstYear); year <= kLastYear; ++year) {
    if (!years_[static_cast<std::size_t>(year - kFirstYear)]) continue;
    for (unsigned month = 1; month <= 12; ++month) {
      if (!months_[month]) continue;
      if (chrono::year(year) / chrono::month(month) < chrono::year_month(date.year(), date.month())) continue;
      const std::bitset<32> days = days_of(year, month);
      for (unsigned day = 1; day <= 31; ++day) {
        if (!days[day]) continue;
        const std::int64_t number = (first_of(year, month) + chrono::days(day - 1)).time_since_epoch().count();
        if (number < earliest / kDay) continue;
        const Nanoseconds time = next_in_day(number, earliest);
        if (time != kNever) return time;
      }
    }
  }
  return kNever;
}

}  // namespace textlambda::sources
