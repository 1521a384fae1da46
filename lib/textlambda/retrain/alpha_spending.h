// How often one test set may be asked. Each round that is decided by the same rows is another chance of being wrong:
// fifty rounds at 5 % each are wrong some time almost for sure. So the error rate is spent over the rounds, less each
// time: alpha_k = alpha · k^−1.6 / ζ(1.6), whose sum over all k is alpha, however many rounds there will be and
// whatever was decided before. (Alpha-spending, the online Bonferroni rule, with the sequence of J. Tian and A. Ramdas,
// "Online control of the familywise error rate", Statistical Methods in Medical Research 30, 2021.)
#pragma once

#include <cstdint>

namespace textlambda::retrain {

// From so many uses on a test set says little: what is left for each is below a thousandth of alpha.
inline constexpr std::uint64_t kWornOut = 50;

// The error rate of the use-th time, from 1, that a test set decides. Pure, thread-safe.
double spent_alpha(double alpha, std::uint64_t use);

}  // namespace textlambda::retrain
