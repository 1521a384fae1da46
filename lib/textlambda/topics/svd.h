// Latent semantic analysis: texts in the space of the largest singular vectors of their term matrix, found by random
// projection with power iterations (N. Halko, P.-G. Martinsson and J. A. Tropp, "Finding structure with randomness",
// SIAM Review 53, 2011, algorithms 4.4 and 5.1). The random numbers come from counters: the result depends on the
// matrix, the rank and the seed alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "textlambda/io/executor.h"
#include "textlambda/topics/term_matrix.h"

namespace textlambda::topics {

struct LatentSpace {
  Rows texts;  // U·s: a row a text, at most `rank` columns, the largest singular value first
  std::vector<double> singular_values;
};

// `words`: texts.transposed(). Fewer columns than `rank` where the matrix has no higher rank, or where that much of it
// is rounding.
LatentSpace find_latent_space(const TermMatrix& texts, const TermMatrix& words, std::size_t rank, std::uint64_t seed,
                              const io::Executor& executor);

// Brings each row to Euclidean length 1; rows of zeros stay.
void normalise_rows(Rows& rows, const io::Executor& executor);

}  // namespace textlambda::topics
