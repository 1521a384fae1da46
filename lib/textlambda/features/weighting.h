// From counted n-grams to the values of a text's vector: the same for training and for serving.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

#include "textlambda/features/options.h"

namespace textlambda::features {

using TermWeights = std::array<float, kMaxTermFrequency + 1>;

// How often an n-gram occurs in a text, as a weight: 1 + ln tf. Index: term frequency; [0] is 0.
const TermWeights& term_weights();

// Writes the values of one group of n-grams: (1 + ln tf) · scale, brought to Euclidean length 1 by themselves. `count`
// gives the term frequency of the i-th n-gram (at most kMaxTermFrequency), `scale` its feature's scale. False for a
// group without weight, whose values are all 0.
template <typename Count, typename Scale>
bool weigh_group(std::size_t size, Count&& count, Scale&& scale, float* values) {
  const TermWeights& weights = term_weights();
  float squares = 0;
  for (std::size_t i = 0; i < size; ++i) {
    const float value = weights[count(i)] * scale(i);
    values[i] = value;
    squares += value * value;
  }
  if (!(squares > 0)) {
    std::fill_n(values, size, 0.0F);
    return false;
  }
  const float inverse = 1.0F / std::sqrt(squares);
  for (std::size_t i = 0; i < size; ++i) values[i] *= inverse;
  return true;
}

}  // namespace textlambda::features
