// Confidence intervals for a share: `successes` out of `trials`. Pure functions, thread-safe; std::domain_error for
// successes > trials or a confidence outside (0, 1). With no trials the interval is [0, 1]: nothing is known.
#pragma once

#include <cstdint>

namespace textlambda::stats {

struct Interval {
  double low = 0;
  double high = 1;
};

// Wilson's score interval (E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA
// 22, 1927), without continuity correction. Two-sided; close to its nominal coverage even for small samples.
Interval wilson_interval(std::uint64_t successes, std::uint64_t trials, double confidence = 0.95);

// Clopper and Pearson's exact interval ("The use of confidence or fiducial limits illustrated in the case of the
// binomial", Biometrika 26, 1934). Two-sided; never below its nominal coverage.
Interval clopper_pearson_interval(std::uint64_t successes, std::uint64_t trials, double confidence = 0.95);

}  // namespace textlambda::stats
