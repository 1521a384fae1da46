#include "textlambda/stats/paired_t.h"

#include <cmath>
#include <cstddef>
#include <limits>
#include <stdexcept>

#include <boost/math/distributions/students_t.hpp>

namespace textlambda::stats {

MeanDifference mean_difference(std::span<const double> differences) {
  const auto n = static_cast<double>(differences.size());
  double sum = 0;
  for (const double difference : differences) {
    if (!std::isfinite(difference)) throw std::domain_error("a difference that is not finite");
    sum += difference;
  }
  if (differences.empty()) return {};
  MeanDifference result;
  result.mean = sum / n;
  // Two passes; the second sum repairs what rounding did to the mean (Chan, Golub and LeVeque, 1983).
  double squares = 0;
  double rest = 0;
  for (const double difference : differences) {
    const double deviation = difference - result.mean;
    squares += deviation * deviation;
    rest += deviation;
  }
  if (differences.size() > 1) {
    result.standard_deviation = std::sqrt(std::fmax(0, squares - rest * rest / n) / (n - 1));
  }
  result.mean += rest / n;
  return result;
}

Interval paired_t_interval(std::span<const double> differences, double alpha) {
  if (!(alpha > 0 && alpha <= 0.5)) throw std::domain_error("alpha outside (0, 0.5]");
  const MeanDifference difference = mean_difference(differences);
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  if (differences.size() < 2) return {-kInfinity, kInfinity};
  const auto n = static_cast<double>(differences.size());
  const double t = boost::math::quantile(boost::math::complement(boost::math::students_t(n - 1), alpha));
  const double reach = t * difference.standard_deviation / std::sqrt(n);
  return {difference.mean - reach, difference.mean + reach};
}

double paired_t_p(std::span<const double> differences, double delta0) {
  const MeanDifference difference = mean_difference(differences);
  if (differences.size() < 2) return 1;
  if (difference.standard_deviation == 0) return difference.mean < delta0 ? 0 : 1;
  const auto n = static_cast<double>(differences.size());
  const double t = (difference.mean - delta0) / (difference.standard_deviation / std::sqrt(n));
  return boost::math::cdf(boost::math::students_t(n - 1), t);
}

}  // namespace textlambda::stats
