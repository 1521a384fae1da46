// From how many different rows on two threads share a fit, and what is held out is measured by taking it out of the fit
// to everything (docs/learning.md, "One fit on two threads"). With fewer, both threads have a fit of their own.
#pragma once

#include <cstddef>

namespace textlambda::train {

inline constexpr std::size_t kManyRows = 20000;

}  // namespace textlambda::train
