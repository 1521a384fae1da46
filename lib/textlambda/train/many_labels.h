// From how many labels on a training has to leave out what nothing speaks for: weights (fit/weight_pattern.h),
// probabilities (fit/shortlists.h), small logits (calibration.h). With fewer, all of it is cheap and kept.
#pragma once

#include <cstddef>

namespace textlambda::train {

inline constexpr std::size_t kManyLabels = 256;

}  // namespace textlambda::train
