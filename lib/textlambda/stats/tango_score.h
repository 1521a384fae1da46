// Tango's score statistic, which paired.h's interval and tests are made of.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

#include "textlambda/stats/paired.h"

namespace textlambda::stats {

// The counts as Tango names them: p12 = p21 + δ, b and c their counts.
struct TangoScore {
  double n, b, c;

  explicit TangoScore(const PairedCounts& counts)
      : n(static_cast<double>(counts.n)),
        b(static_cast<double>(counts.newly_right)),
        c(static_cast<double>(counts.newly_wrong)) {}

  double distance(double delta) const { return b - c - n * delta; }

  // The standard error of distance(delta) at the most likely p21 under that delta: the larger root of
  // 2n·q² + B·q + C = 0, taken without cancellation.
  double standard_error(double delta) const {
    const double linear = (2 * n - b + c) * delta - b - c;
    const double constant = -c * delta * (1 - delta);
    const double root = std::sqrt(std::max(0.0, linear * linear - 8 * n * constant));
    double q = 0;
    if (linear <= 0) {
      q = (root - linear) / (4 * n);
    } else if (root + linear > 0) {
      q = -2 * constant / (root + linear);
    }
    return std::sqrt(std::max(0.0, n * (2 * q + delta * (1 - delta))));
  }

  // Standard errors between the observed difference and delta; +∞ where both distance and error are 0.
  double statistic(double delta) const {
    const double error = standard_error(delta);
    if (error > 0) return distance(delta) / error;
    return distance(delta) < 0 ? -std::numeric_limits<double>::infinity() : std::numeric_limits<double>::infinity();
  }
};

}  // namespace textlambda::stats
