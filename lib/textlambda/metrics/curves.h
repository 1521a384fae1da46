// Curves of a run for charts: few enough points to draw, the same for the same rows. Pure functions, thread-safe.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "textlambda/metrics/judged_rows.h"

namespace textlambda::metrics {

struct CurvePoint {
  double x = 0;
  double y = 0;
};

struct Curve {
  std::string name;
  std::vector<CurvePoint> points;
};

inline constexpr std::size_t kCurvePoints = 200;  // of one curve, at most

// Mean confidence (x) against accuracy (y), in `bins` bins of equal mass by confidence: those of
// stats::expected_calibration_error, whose distances from the diagonal it averages.
Curve reliability_curve(const JudgedRows& rows, std::size_t bins = 15);

// Share answered (x) against share wrong among those (y), for every threshold of the confidence (El-Yaniv and Wiener,
// JMLR 11, 2010), from the smallest share to all. Rows of one confidence are answered together.
Curve risk_coverage_curve(const JudgedRows& rows);

// Recall (x) against precision (y) of `label` against the rest, for every threshold of its probability, from the
// highest down. Only where rows.has_probabilities(); no points where no row has the label.
Curve precision_recall_curve(const JudgedRows& rows, std::size_t label);

}  // namespace textlambda::metrics
