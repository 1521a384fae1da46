// Labels by their probability. A pure function.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace textlambda::model {

// The labels of the `count` greatest probabilities, all where there are fewer: the most probable first, of equal ones
// the one with the smaller number.
std::vector<std::size_t> most_probable(std::span<const float> probabilities, std::size_t count);

}  // namespace textlambda::model
