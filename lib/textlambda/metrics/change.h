// What a figure changed by between two runs on the same examples, with what chance explains of it. Pure, thread-safe.
#pragma once

#include "textlambda/stats/interval.h"
#include "textlambda/stats/paired.h"

namespace textlambda::metrics {

// A change of a figure for which more is better (turn the sign of a loss), new − old on the same examples.
struct Change {
  double estimate = 0;
  stats::Interval bounds;  // [L, U]: each end a one-sided bound at level 1 − alpha
  // One-sided p of "not worse than allowed", H0: change ≥ −margin. The larger where two tests must agree, and adjusted
  // (stats/holm.h) where several questions are asked at once.
  double p = 1;
};

// The change of a share of right answers (accuracy, or recall over the examples of one label): Tango's score interval
// and test, and an exact test that has to agree, so that p is the larger of both: McNemar's where no loss is allowed
// (margin 0), else the unconditional one (which is left out where the score test alone does not reject). alpha in
// (0, 0.5], 0 ≤ margin < 1, or std::domain_error.
Change share_change(const stats::PairedCounts& counts, double margin, double alpha);

}  // namespace textlambda::metrics
