// Two classifiers on the same examples, right or wrong: how the accuracy changed and whether chance explains it.
// Pure functions, thread-safe; std::domain_error for counts that do not fit n, an alpha outside (0, 0.5] or a
// difference outside [−1, 1].
//
// δ is the change of accuracy, new − old, as a fraction. Only the discordant pairs carry it:
// δ̂ = (newly_right − newly_wrong) / n.
#pragma once

#include <cstdint>

#include "textlambda/stats/interval.h"

namespace textlambda::stats {

struct PairedCounts {
  std::uint64_t n = 0;            // pairs, concordant ones included
  std::uint64_t newly_wrong = 0;  // the old one right, the new one wrong
  std::uint64_t newly_right = 0;  // the old one wrong, the new one right
};

// δ̂; 0 without pairs.
double paired_difference(const PairedCounts& counts);

// The exact test of Q. McNemar, "Note on the sampling error of the difference between correlated proportions or
// percentages", Psychometrika 12, 1947, one-sided: the probability of at least newly_wrong among the discordant pairs
// if either direction were as likely, P(X ≥ newly_wrong) for X ~ Bin(newly_wrong + newly_right, ½). 1 where nothing got
// worse. Its error rate never exceeds the nominal one.
double mcnemar_exact_p(const PairedCounts& counts);

// The score interval of T. Tango, "Equivalence test and confidence interval for the difference in proportions for the
// paired-sample design", Statistics in Medicine 17:891, 1998. Each end alone is a one-sided bound for δ at level
// 1 − alpha, so that both together are a two-sided interval at level 1 − 2·alpha. [−1, 1] without pairs.
Interval tango_interval(const PairedCounts& counts, double alpha);

// The p value of the score test that the interval inverts: H0 δ ≥ delta0 against δ < delta0. Below alpha exactly where
// tango_interval(counts, alpha).high < delta0. 1 where the statistic is 0/0 (no discordant pair and delta0 = 0).
// An approximation for many discordant pairs: of fewer than twenty it can reject 7 % of true hypotheses instead of 5 %.
double tango_p(const PairedCounts& counts, double delta0);

// The exact p value of the same statistic: the probability of one at least as low if δ = delta0, −1 < delta0 ≤ 0, for
// the least favourable share of newly right pairs (H. Hsueh, J. Liu and J. J. Chen, "Unconditional exact tests for
// equivalence or noninferiority for paired binary endpoints", Biometrics 57, 2001), sought on a grid over that share's
// confidence interval at 1 − 10⁻⁶, and 10⁻⁶ added for what lies outside (R. L. Berger and D. D. Boos, "P values
// maximized over a confidence set for the nuisance parameter", JASA 89, 1994). Takes about a millisecond. With more
// than kMostExactPairs discordant pairs it is tango_p, which then rejects at most 5.1 % of true hypotheses at 5 %.
double tango_exact_p(const PairedCounts& counts, double delta0);
inline constexpr std::uint64_t kMostExactPairs = 200;

}  // namespace textlambda::stats
