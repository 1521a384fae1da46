// One block of dual coordinate ascent for two labels.
#pragma once

#include <cmath>

namespace textlambda::train {

inline double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

// The m that solves m + a·σ(m) = c, a ≥ 0, to about 1e-9 relative. The left side is concave for m > 0 and convex below,
// so Newton's method started between 0 and the root approaches it from one side; started elsewhere it can cycle for
// ever even inside a bracket.
inline double solve_margin(double a, double c) {
  if (c < a / 2) return -solve_margin(a, a - c);
  double m = c - a > 0 ? c - a : 0;
  for (int iteration = 0; iteration < 100; ++iteration) {
    const double p = sigmoid(m);
    const double step = (c - m - a * p) / (1 + a * p * (1 - p));
    m += step;
    if (!(step > 1e-9 * (1 + m))) break;
  }
  return m;
}

}  // namespace textlambda::train
