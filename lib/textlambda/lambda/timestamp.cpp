#include "textlambda/lambda/timestamp.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>

namespace textlambda::lambda {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// A '0' of the shape stands for a digit, 'T' for a T or a blank.
bool has_shape(std::string_view text, std::string_view shape) {
  return text.size() == shape.size() && std::equal(text.begin(), text.end(), shape.begin(), [](char c, char expected) {
           if (expected == '0') return is_digit(c);
           if (expected == 'T') return c == 'T' || c == 't' || c == ' ';
           return c == expected;
         });
}

unsigned two_digits(std::string_view text, std::size_t at) {
  return static_cast<unsigned>(text[at] - '0') * 10 + static_cast<unsigned>(text[at + 1] - '0');
}

bool is_offset(std::string_view text) {
  if (text == "Z" || text == "z") return true;
  return (has_shape(text, "+00:00") || has_shape(text, "-00:00")) && two_digits(text, 1) <= 23 &&
         two_digits(text, 4) <= 59;
}

}  // namespace

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

bool is_rfc3339(std::string_view text) {
  namespace chrono = std::chrono;
  constexpr std::string_view kShape = "0000-00-00T00:00:00";
  if (!has_shape(text.substr(0, kShape.size()), kShape)) return false;
  const int year = static_cast<int>(two_digits(text, 0) * 100 + two_digits(text, 2));
  const chrono::year_month_day date{chrono::year(year), chrono::month(two_digits(text, 5)),
                                    chrono::day(two_digits(text, 8))};
  if (!date.ok() || two_digits(text, 11) > 23 || two_digits(text, 14) > 59 || two_digits(text, 17) > 60) return false;
  text.remove_prefix(kShape.size());
  if (text.starts_with('.')) {
    const auto end = std::find_if_not(text.begin() + 1, text.end(), is_digit);
    const auto digits = static_cast<std::size_t>(end - text.begin()) - 1;
    if (digits == 0) return false;
    text.remove_prefix(digits + 1);
  }
  return is_offset(text);
}

}  // namespace textlambda::lambda
