#include "textlambda/gate/figure_words.h"

#include <array>
#include <cmath>
#include <cstdio>

namespace textlambda::gate {
namespace {

using metrics::Unit;

std::string decimal(double value, int decimals) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%.*f", decimals, value);
  return text.data();
}

// Two decimals at most, none that is a zero at the end but the first.
std::string short_decimal(double value) {
  std::string text = decimal(value, value < 10 ? 2 : 1);
  if (text.size() > 3 && text.back() == '0' && text[text.size() - 3] == '.') text.pop_back();
  return text;
}

}  // namespace

std::string amount_words(double amount, Unit unit) {
  amount = std::abs(amount);
  if (std::isnan(amount)) return "not defined";
  if (std::isinf(amount)) return "any amount";
  return unit == Unit::share ? short_decimal(amount * 100) + " pp" : decimal(amount, 4);
}

std::string level_words(double level, Unit unit) {
  if (!std::isfinite(level)) return "not defined";
  return unit == Unit::share ? decimal(level * 100, 1) + " %" : decimal(level, 4);
}

}  // namespace textlambda::gate
