// Spherical k-means: rows of length 1 are put to the centre whose direction is nearest, centres are the directions of
// their rows' sums (I. S. Dhillon and D. S. Modha, "Concept decompositions for large sparse text data using
// clustering", Machine Learning 42, 2001), started by k-means++ with the best of some candidates a step (D. Arthur and
// S. Vassilvitskii, "k-means++: the advantages of careful seeding", SODA 2007). Depends on rows, k and seed alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "textlambda/io/executor.h"
#include "textlambda/topics/dense.h"

namespace textlambda::topics {

// A row that is in no group by itself, and a row that may go to any.
inline constexpr std::uint32_t kNoGroup = UINT32_MAX;

struct KMeans {
  std::vector<std::uint32_t> groups;  // a row; a row of zeros is in kNoGroup
  double objective = 0;               // mean cosine of rows and their centres
  int iterations = 0;
};

// `rows`: of length 1, or 0. `fixed`: a row, the group that it stays in or kNoGroup; empty: none is fixed. Where there
// are fewer different rows than `k`, some groups stay empty.
KMeans cluster(const Rows& rows, std::size_t k, std::span<const std::uint32_t> fixed, std::uint64_t seed,
               std::uint64_t restart, const io::Executor& executor);

}  // namespace textlambda::topics
