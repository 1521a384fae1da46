#include "textlambda/text/timestamp.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>

namespace textlambda::text {
namespace {

namespace chrono = std::chrono;

// Reads a timestamp from its front.
class TimestampReader {
 public:
  explicit TimestampReader(std::string_view text) : rest_(text) {}

  // Exactly so many digits; -1 where there are others, and from then on.
  int number(std::size_t digits) {
    int value = 0;
    const char* const end = rest_.data() + std::min(digits, rest_.size());
    if (rest_.size() < digits || rest_.front() == '-' || std::from_chars(rest_.data(), end, value).ptr != end) {
      failed_ = true;
      return -1;
    }
    rest_.remove_prefix(digits);
    return value;
  }

  // One of these characters, which is then gone; '\0' and nothing gone otherwise.
  char one_of(std::string_view choices) {
    if (rest_.empty() || choices.find(rest_.front()) == std::string_view::npos) return '\0';
    const char found = rest_.front();
    rest_.remove_prefix(1);
    return found;
  }
  void expect(std::string_view choices) { failed_ = failed_ || one_of(choices) == '\0'; }

  // The milliseconds of decimals, of which there is at least one.
  int decimals() {
    int value = 0;
    std::size_t count = 0;
    for (; count < rest_.size() && rest_[count] >= '0' && rest_[count] <= '9'; ++count) {
      if (count < 3) value = value * 10 + (rest_[count] - '0');
    }
    for (std::size_t i = count; i < 3; ++i) value *= 10;
    failed_ = failed_ || count == 0;
    rest_.remove_prefix(count);
    return value;
  }

  bool ended_well() const { return !failed_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool failed_ = false;
};

std::string formatted(std::int64_t epoch_ms, bool with_milliseconds) {
  constexpr std::int64_t kFirst = -62167219200000;  // 0000-01-01T00:00:00.000Z
  constexpr std::int64_t kLast = 253402300799999;   // 9999-12-31T23:59:59.999Z
  const chrono::milliseconds since(std::clamp(epoch_ms, kFirst, kLast));
  const auto day = chrono::floor<chrono::days>(since);
  const chrono::year_month_day date{chrono::sys_days(day)};
  const chrono::hh_mm_ss time(since - day);
  std::array<char, 40> text{};
  int length = std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d", static_cast<int>(date.year()),
                             static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                             static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                             static_cast<int>(time.seconds().count()));
  std::string result(text.data(), static_cast<std::size_t>(length));
  if (with_milliseconds) {
    length = std::snprintf(text.data(), text.size(), ".%03d", static_cast<int>(time.subseconds().count()));
    result.append(text.data(), static_cast<std::size_t>(length));
  }
  return result + "Z";
}

}  // namespace

std::string rfc3339(std::int64_t epoch_ms) { return formatted(epoch_ms, true); }

std::string rfc3339_seconds(std::int64_t epoch_ms) { return formatted(epoch_ms, false); }

std::optional<std::int64_t> parse_rfc3339(std::string_view text) {
  TimestampReader reader(text);
  const int year = reader.number(4);
  reader.expect("-");
  const int month = reader.number(2);
  reader.expect("-");
  const int day = reader.number(2);
  reader.expect("Tt ");
  const int hour = reader.number(2);
  reader.expect(":");
  const int minute = reader.number(2);
  reader.expect(":");
  const int second = reader.number(2);
  const int milliseconds = reader.one_of(".") == '.' ? reader.decimals() : 0;
  int offset = 0;  // minutes east of Greenwich
  const char zone = reader.one_of("Zz+-");
  if (zone == '+' || zone == '-') {
    const int hours = reader.number(2);
    reader.expect(":");
    const int minutes = reader.number(2);
    if (hours > 23 || minutes > 59) return std::nullopt;
    offset = (hours * 60 + minutes) * (zone == '-' ? -1 : 1);
  }
  if (zone == '\0' || !reader.ended_well() || hour > 23 || minute > 59 || second > 60) return std::nullopt;
  const chrono::year_month_day date{chrono::year(year), chrono::month(static_cast<unsigned>(month)),
                                    chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return std::nullopt;
  const chrono::milliseconds since = chrono::sys_days(date).time_since_epoch() + chrono::hours(hour) +
                                     chrono::minutes(minute - offset) + chrono::seconds(second) +
                                     chrono::milliseconds(milliseconds);
  return since.count();
}

}  // namespace textlambda::text
