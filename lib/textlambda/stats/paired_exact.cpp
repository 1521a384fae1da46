#include <algorithm>
#include <cmath>
#include <cstdint>
#include <stdexcept>
#include <vector>

#include <boost/math/distributions/binomial.hpp>
#include <boost/math/special_functions/beta.hpp>

#include "textlambda/stats/interval.h"
#include "textlambda/stats/paired.h"
#include "textlambda/stats/tango_score.h"

namespace textlambda::stats {
namespace {

constexpr double kOutside = 1e-6;  // Berger and Boos's beta
constexpr int kGrid = 24;

// Double precision is enough here, and long double would take several times as long.
using Policy = boost::math::policies::policy<boost::math::policies::promote_double<false>>;

// A number of newly right pairs: the fewest newly wrong ones that make the statistic at least as low as the observed.
std::vector<std::uint64_t> fewest_newly_wrong(std::uint64_t n, double delta0, double statistic,
                                              std::uint64_t most_newly_right) {
  std::vector<std::uint64_t> fewest;
  std::uint64_t newly_wrong = 0;
  for (std::uint64_t newly_right = 0; newly_right <= most_newly_right; ++newly_right) {
    // The statistic falls with newly wrong pairs and rises with newly right ones.
    while (newly_wrong + newly_right <= n &&
           TangoScore({n, newly_wrong, newly_right}).statistic(delta0) > statistic + 1e-9) {
      ++newly_wrong;
    }
    fewest.push_back(newly_wrong);
  }
  return fewest;
}

// P(statistic at least as low) where a pair is newly right with probability `right` and newly wrong with `wrong`.
double tail(std::uint64_t n, double wrong, double right, const std::vector<std::uint64_t>& fewest) {
  const boost::math::binomial_distribution<double, Policy> newly_right(static_cast<double>(n), right);
  const double given = std::min(1.0, wrong / (1 - right));  // newly wrong, of those not newly right
  const double middle = static_cast<double>(n) * right;
  const double reach = 7 * std::sqrt(middle) + 10;  // beyond it there is less than 1e-9
  const auto begin = static_cast<std::size_t>(std::max(0.0, middle - reach));
  const auto end = std::min(fewest.size(), static_cast<std::size_t>(middle + reach) + 1);
  double sum = 0;
  double probability = boost::math::pdf(newly_right, static_cast<double>(begin));
  for (std::size_t count = begin; count < end; ++count) {
    const std::uint64_t others = n - count;
    const double here = probability;
    probability *= static_cast<double>(others) / static_cast<double>(count + 1) * right / (1 - right);
    if (here < 1e-12 || fewest[count] > others) continue;
    const double above = fewest[count] == 0
                             ? 1
                             : boost::math::ibeta(static_cast<double>(fewest[count]),
                                                  static_cast<double>(others - fewest[count] + 1), given, Policy());
    sum += here * above;
  }
  return sum;
}

}  // namespace

double tango_exact_p(const PairedCounts& counts, double delta0) {
  if (!(delta0 > -1 && delta0 <= 0)) throw std::domain_error("difference outside (-1, 0]");
  const double approximate = tango_p(counts, delta0);
  if (counts.n == 0 || counts.newly_wrong + counts.newly_right > kMostExactPairs) return approximate;
  const double statistic = TangoScore(counts).statistic(delta0);
  if (!std::isfinite(statistic)) return approximate;

  const Interval shares = clopper_pearson_interval(counts.newly_right, counts.n, 1 - kOutside);
  const double largest = std::min(shares.high, (1 + delta0) / 2);  // right + wrong is 1 at most
  const double smallest = std::min(shares.low, largest);
  const auto n = static_cast<double>(counts.n);
  const double most = n * largest + 7 * std::sqrt(n * largest) + 11;
  const std::vector<std::uint64_t> fewest =
      fewest_newly_wrong(counts.n, delta0, statistic, static_cast<std::uint64_t>(std::min(n, most)));
  double p = 0;
  for (int i = 0; i <= kGrid; ++i) {
    // Even steps of the square root: the standard deviation of a rare count.
    const double step = static_cast<double>(i) / kGrid;
    const double root = std::sqrt(smallest) + step * (std::sqrt(largest) - std::sqrt(smallest));
    const double right = std::min(root * root, largest);
    p = std::max(p, tail(counts.n, right - delta0, right, fewest));
  }
  return std::min(1.0, p + kOutside);
}

}  // namespace textlambda::stats
