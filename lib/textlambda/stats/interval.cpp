#include "textlambda/stats/interval.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include <boost/math/distributions/normal.hpp>
#include <boost/math/special_functions/beta.hpp>

namespace textlambda::stats {
namespace {

void check_interval(std::uint64_t successes, std::uint64_t trials, double confidence) {
  if (successes > trials) throw std::domain_error("more successes than trials");
  if (!(confidence > 0 && confidence < 1)) throw std::domain_error("confidence outside (0, 1)");
}

}  // namespace

Interval wilson_interval(std::uint64_t successes, std::uint64_t trials, double confidence) {
  check_interval(successes, trials, confidence);
  if (trials == 0) return {0, 1};
  const double z = boost::math::quantile(boost::math::normal(), 0.5 + confidence / 2);
  const auto n = static_cast<double>(trials);
  const double share = static_cast<double>(successes) / n;
  const double scale = 1 + z * z / n;
  const double centre = (share + z * z / (2 * n)) / scale;
  const double half = z / scale * std::sqrt(share * (1 - share) / n + z * z / (4 * n * n));
  // At the ends the formula gives exactly 0 and 1 but for rounding.
  return {successes == 0 ? 0 : std::max(0.0, centre - half), successes == trials ? 1 : std::min(1.0, centre + half)};
}

Interval clopper_pearson_interval(std::uint64_t successes, std::uint64_t trials, double confidence) {
  check_interval(successes, trials, confidence);
  if (trials == 0) return {0, 1};
  const double tail = (1 - confidence) / 2;
  const auto k = static_cast<double>(successes);
  const auto n = static_cast<double>(trials);
  return {successes == 0 ? 0 : boost::math::ibeta_inv(k, n - k + 1, tail),
          successes == trials ? 1 : boost::math::ibetac_inv(k + 1, n - k, tail)};
}

}  // namespace textlambda::stats
