// How often an n-gram occurs in a text, as a weight: 1 + ln tf.
#pragma once

#include <array>

#include "textlambda/features/options.h"

namespace textlambda::features {

using TermWeights = std::array<float, kMaxTermFrequency + 1>;

// Index: term frequency; [0] is 0.
const TermWeights& term_weights();

}  // namespace textlambda::features
