// How small a change a paired test set can show, and how many examples a given change would need. The normal
// approximation of a one-sided paired test (R. J. Connor, "Sample size for testing differences in proportions for the
// paired-sample design", Biometrics 43, 1987, with the variance at no difference): the change must be z₁₋α + z_power
// standard errors away. Pure functions, thread-safe; std::domain_error for an alpha or power outside (0, 1) or
// a negative variance.
//
// `variance` is that of one example's difference: for right and wrong, the share d of discordant pairs; for means such
// as log-loss, the square of the differences' standard deviation.
#pragma once

#include <cstdint>

namespace textlambda::stats {

// (z₁₋α + z_power) · √(variance / n), in the unit of the differences: 2.49 · √(d / n) as a fraction by default.
// Infinite without examples.
double detectable_effect(double variance, std::uint64_t n, double alpha = 0.05, double power = 0.8);

// The fewest examples for which the detectable effect is at most `effect` > 0, at least 1. The largest number there is
// where even that would not do.
std::uint64_t examples_needed(double variance, double effect, double alpha = 0.05, double power = 0.8);

}  // namespace textlambda::stats
