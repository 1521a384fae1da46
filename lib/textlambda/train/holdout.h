// The documents set aside to measure accuracy and calibrate, spread evenly over each label.
#pragma once

#include <cstdint>
#include <vector>

#include "textlambda/train/document_counts.h"

namespace textlambda::train {

// Flags, a document in the corpus's order: 1 = held out. Of each label every s-th document, s = N / min(share · N,
// largest), from a start that `seed` chooses; none of a label with fewer than three. share 0: none.
std::vector<std::uint8_t> choose_holdout(const LabelledDocuments& documents, double share, std::size_t largest,
                                         std::uint64_t seed);

}  // namespace textlambda::train
