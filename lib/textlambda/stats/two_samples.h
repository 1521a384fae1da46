// Whether two samples come from one distribution, from counts of each by bin. Pure functions, thread-safe;
// std::domain_error where the counts do not pair up or a sample is empty.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace textlambda::stats {

struct TwoSampleTest {
  double distance = 0;  // of the two, from 0 (the same shares) to 1 (nothing in common)
  double p = 1;         // of a distance as large or larger where both come from one distribution
};

// Two samples over ordered bins: the largest difference of their cumulative shares, and Kolmogorov and Smirnov's
// asymptotic p value (N. Smirnov, "Table for estimating the goodness of fit of empirical distributions", Annals of
// Mathematical Statistics 19, 1948). Values within a bin count as equal, which only makes p larger.
TwoSampleTest kolmogorov_smirnov(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b);

// The distance at which that p value is alpha, for samples of these sizes: what the test can see. In (0, 1) for alpha.
double smallest_significant_distance(std::uint64_t a, std::uint64_t b, double alpha);

// Two samples over unordered categories: the distance is half the sum of the differences of their shares (total
// variation: the share of one sample that would have to change for it to agree with the other), less what sampling
// alone would be expected to give, in quadrature; p is of Pearson's chi-squared test of homogeneity ("On the criterion
// …", Philosophical Magazine 50, 1900). Categories in which less than five are expected are taken together, as Cochran
// advised ("Some methods for strengthening the common χ² tests", Biometrics 10, 1954), the rarest first.
TwoSampleTest homogeneity(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b);

}  // namespace textlambda::stats
