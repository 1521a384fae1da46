// Figures as every report writes them: units attached, a real minus sign, "–" for what is not defined. Pure functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "textlambda/gate/comparison.h"
#include "textlambda/stats/interval.h"

namespace textlambda::report {

// Columns of a terminal that a label or an n-gram is given in a sentence.
inline constexpr std::size_t kLabelWidth = 24;

std::string share_text(double fraction);                        // 93.4 %
std::string share_range(const stats::Interval& interval);       // (91.2 … 95.1), in percent
std::string figure_text(metrics::Unit unit, double value);      // 93.4 %, 0.2134
std::string difference_text(metrics::Unit unit, double value);  // −1.50 pp, +0.0213
// The same for a range: "(−2.13 … −0.91)", in the unit of difference_text.
std::string difference_range(metrics::Unit unit, const stats::Interval& interval);
std::string amount_text(metrics::Unit unit, double value);  // as sentences say it: 0.5 pp, 0.0100
std::string p_text(double p);                               // 0.031, < 0.001

}  // namespace textlambda::report
