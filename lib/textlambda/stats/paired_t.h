// A mean of paired differences: Student's t ("The probable error of a mean", Biometrika 6, 1908). For figures that are
// means over examples, such as log-loss and Brier score, of two classifiers on the same examples. The normal
// distribution that it assumes is that of the mean, which many examples give. Pure functions, thread-safe;
// std::domain_error for an alpha outside (0, 0.5] or a difference that is not finite.
#pragma once

#include <span>

#include "textlambda/stats/interval.h"

namespace textlambda::stats {

struct MeanDifference {
  double mean = 0;
  double standard_deviation = 0;  // of one difference, n − 1 in its denominator; 0 for fewer than two
};

MeanDifference mean_difference(std::span<const double> differences);

// Each end alone is a one-sided bound for the true mean at level 1 − alpha. Infinite for fewer than two differences;
// the mean itself where all are alike.
Interval paired_t_interval(std::span<const double> differences, double alpha);

// The one-sided p value: H0 mean ≥ delta0 against mean < delta0. 1 for fewer than two differences; where all are alike,
// 0 if they are below delta0 and else 1.
double paired_t_p(std::span<const double> differences, double delta0);

}  // namespace textlambda::stats
