#include "textlambda/report/check_sentence.h"

#include <algorithm>

#include <fmt/format.h>

#include "textlambda/report/figure_text.h"

namespace textlambda::report {

ShownChecks first_checks(const gate::Comparison& comparison, std::size_t most) {
  const std::size_t limits = std::min(comparison.limits.size(), most);
  const std::size_t checks = std::min(comparison.checks.size(), most - limits);
  return {std::span(comparison.limits).first(limits), std::span(comparison.checks).first(checks),
          comparison.limits.size() - limits + comparison.checks.size() - checks};
}

std::string limit_text(const gate::LimitCheck& check) {
  return fmt::format("at {} {}", check.is_floor ? "least" : "most", figure_text(check.unit, check.limit));
}

std::string change_text(const gate::RelativeCheck& check) {
  const std::string range = difference_range(check.unit, check.interval);
  return difference_text(check.unit, check.delta) + (range.empty() ? "" : " " + range);
}

std::string check_sentence(const gate::RelativeCheck& check) {
  return fmt::format("{} {} → {}, {}, {} of {} is allowed", check.metric, figure_text(check.unit, check.before),
                     figure_text(check.unit, check.after), change_text(check),
                     check.lower_is_better ? "a rise" : "a loss", amount_text(check.unit, check.margin));
}

std::string check_sentence(const gate::LimitCheck& check) {
  return fmt::format("{} is {}, {} is asked for", check.metric, figure_text(check.unit, check.value),
                     limit_text(check));
}

std::string_view limit_verdict(const gate::LimitCheck& check) {
  if (check.met) return "PASS";
  return check.is_floor ? "BELOW FLOOR" : "ABOVE CEILING";
}

std::string flip_sentence(const gate::Flip& flip) {
  return fmt::format("{}: was taken for {} ({:.2f}), now for {} ({:.2f})", flip.row.truth, flip.predicted_before,
                     flip.confidence_before, flip.row.predicted, flip.row.confidence);
}

}  // namespace textlambda::report
