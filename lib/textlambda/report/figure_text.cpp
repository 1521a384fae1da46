#include "textlambda/report/figure_text.h"

#include <cmath>

#include <fmt/format.h>

#include "textlambda/gate/figure_words.h"

namespace textlambda::report {
namespace {

using metrics::Unit;

// A figure that rounds to zero has no sign.
std::string with_sign(double value, int decimals) {
  std::string digits = fmt::format("{:.{}f}", std::abs(value), decimals);
  if (digits.find_first_not_of("0.") == std::string::npos) return digits;
  return (value < 0 ? "−" : "+") + digits;
}

double scaled(Unit unit, double value) { return unit == Unit::share ? value * 100 : value; }
int decimals_of(Unit unit) { return unit == Unit::share ? 2 : 4; }

}  // namespace

std::string share_text(double fraction) {
  return std::isfinite(fraction) ? fmt::format("{:.1f} %", fraction * 100) : "–";
}

std::string share_range(const stats::Interval& interval) {
  return fmt::format("({:.1f} … {:.1f})", interval.low * 100, interval.high * 100);
}

std::string figure_text(Unit unit, double value) {
  if (unit == Unit::share) return share_text(value);
  return std::isfinite(value) ? fmt::format("{:.4f}", value) : "–";
}

std::string difference_text(Unit unit, double value) {
  if (!std::isfinite(value)) return "–";
  return with_sign(scaled(unit, value), decimals_of(unit)) + (unit == Unit::share ? " pp" : "");
}

std::string difference_range(Unit unit, const stats::Interval& interval) {
  if (!std::isfinite(interval.low) || !std::isfinite(interval.high)) return "";
  return fmt::format("({} … {})", with_sign(scaled(unit, interval.low), decimals_of(unit)),
                     with_sign(scaled(unit, interval.high), decimals_of(unit)));
}

std::string amount_text(Unit unit, double value) { return gate::amount_words(value, unit); }

std::string p_text(double p) {
  if (!std::isfinite(p)) return "–";
  return p < 0.001 ? "< 0.001" : fmt::format("{:.3f}", p);
}

}  // namespace textlambda::report
