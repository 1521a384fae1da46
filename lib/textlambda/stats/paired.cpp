#include "textlambda/stats/paired.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <stdexcept>
#include <utility>

#include <boost/math/distributions/normal.hpp>
#include <boost/math/special_functions/beta.hpp>
#include <boost/math/tools/toms748_solve.hpp>

#include "textlambda/stats/tango_score.h"

namespace textlambda::stats {
namespace {

void check_pairs(const PairedCounts& counts) {
  if (counts.newly_wrong > counts.n || counts.newly_right > counts.n - counts.newly_wrong) {
    throw std::domain_error("more discordant pairs than pairs");
  }
}

// The δ in (−1, δ̂) at which distance(δ) = z · standard_error(δ): the lower bound.
double lower_bound(const TangoScore& score, double z) {
  const double estimate = (score.b - score.c) / score.n;
  // At these ends the estimate itself solves the equation, with a standard error of 0: the other root is wanted.
  if (score.b == 0 && score.c == 0) return -z * z / (score.n + z * z);
  if (score.b == score.n) return (score.n - z * z) / (score.n + z * z);
  if (score.c == score.n) return -1;
  const auto excess = [&](double delta) { return score.distance(delta) - z * score.standard_error(delta); };
  const double below = excess(-1);
  const double above = excess(estimate);
  if (!(below > 0)) return -1;
  if (!(above < 0)) return estimate;
  std::uintmax_t steps = 200;
  const auto bracket = boost::math::tools::toms748_solve(excess, -1.0, estimate, below, above,
                                                         boost::math::tools::eps_tolerance<double>(50), steps);
  return bracket.first / 2 + bracket.second / 2;
}

}  // namespace

double paired_difference(const PairedCounts& counts) {
  check_pairs(counts);
  if (counts.n == 0) return 0;
  return (static_cast<double>(counts.newly_right) - static_cast<double>(counts.newly_wrong)) /
         static_cast<double>(counts.n);
}

double mcnemar_exact_p(const PairedCounts& counts) {
  check_pairs(counts);
  if (counts.newly_wrong == 0) return 1;
  // P(X ≥ k) of Bin(m, ½) is the regularised incomplete beta function at ½ of (k, m − k + 1).
  return boost::math::ibeta(static_cast<double>(counts.newly_wrong), static_cast<double>(counts.newly_right) + 1, 0.5);
}

Interval tango_interval(const PairedCounts& counts, double alpha) {
  check_pairs(counts);
  if (!(alpha > 0 && alpha <= 0.5)) throw std::domain_error("alpha outside (0, 0.5]");
  if (counts.n == 0) return {-1, 1};
  const double z = boost::math::quantile(boost::math::complement(boost::math::normal(), alpha));
  // Seen from the other side, newly right is newly wrong: the upper bound is a lower one.
  const PairedCounts mirrored{counts.n, counts.newly_right, counts.newly_wrong};
  return {lower_bound(TangoScore(counts), z), -lower_bound(TangoScore(mirrored), z)};
}

double tango_p(const PairedCounts& counts, double delta0) {
  check_pairs(counts);
  if (!(delta0 >= -1 && delta0 <= 1)) throw std::domain_error("difference outside [-1, 1]");
  if (counts.n == 0) return 1;
  const double statistic = TangoScore(counts).statistic(delta0);
  if (std::isinf(statistic)) return statistic < 0 ? 0 : 1;
  return boost::math::cdf(boost::math::normal(), statistic);
}

}  // namespace textlambda::stats
