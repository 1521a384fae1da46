#include "textlambda/stats/detectable_effect.h"

#include <cmath>
#include <limits>
#include <stdexcept>

#include <boost/math/distributions/normal.hpp>

namespace textlambda::stats {
namespace {

double standard_errors(double variance, double alpha, double power) {
  if (!(alpha > 0 && alpha < 1) || !(power > 0 && power < 1)) throw std::domain_error("alpha or power outside (0, 1)");
  if (!(variance >= 0)) throw std::domain_error("a negative variance");
  const boost::math::normal normal;
  return boost::math::quantile(boost::math::complement(normal, alpha)) + boost::math::quantile(normal, power);
}

}  // namespace

double detectable_effect(double variance, std::uint64_t n, double alpha, double power) {
  const double errors = standard_errors(variance, alpha, power);
  if (n == 0) return std::numeric_limits<double>::infinity();
  return errors * std::sqrt(variance / static_cast<double>(n));
}

std::uint64_t examples_needed(double variance, double effect, double alpha, double power) {
  const double errors = standard_errors(variance, alpha, power);
  if (!(effect > 0)) throw std::domain_error("an effect that is not above 0");
  const double needed = std::ceil(variance * (errors / effect) * (errors / effect));
  if (!(needed < 1.8e19)) return std::numeric_limits<std::uint64_t>::max();
  return needed < 1 ? 1 : static_cast<std::uint64_t>(needed);
}

}  // namespace textlambda::stats
