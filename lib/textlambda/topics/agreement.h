// How far two ways to group the same texts agree: the adjusted Rand index, 1 where they are the same but for the
// groups' numbers, 0 where chance would do as well. Pure functions, thread-safe.
#pragma once

#include <cstdint>
#include <vector>

namespace textlambda::topics {

// A text, its group; kNoGroup in either: the text does not count.
double agreement_of(const std::vector<std::uint32_t>& first, const std::vector<std::uint32_t>& second);

// Mean over all pairs; 1 of fewer than two.
double mean_agreement(const std::vector<std::vector<std::uint32_t>>& groupings);

}  // namespace textlambda::topics
