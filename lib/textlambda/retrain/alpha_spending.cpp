#include "textlambda/retrain/alpha_spending.h"

#include <cmath>

namespace textlambda::retrain {

double spent_alpha(double alpha, std::uint64_t use) {
  constexpr double kExponent = 1.6;
  constexpr double kZeta = 2.2857656;  // Σ k^−1.6, rounded up
  return alpha * std::pow(static_cast<double>(use), -kExponent) / kZeta;
}

}  // namespace textlambda::retrain
