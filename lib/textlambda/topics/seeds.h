// Groups that somebody has names for: words that tell them. A text with words of one such group and of no other is put
// there, and stays there while the others are found (K. Nigam and others' labelled documents; the words as in J.
// Jagarlamudi, H. Daumé III and R. Udupa, "Incorporating lexical priors into topic models", EACL 2012).
#pragma once

#include <cstdint>
#include <vector>

#include "textlambda/topics/collection.h"
#include "textlambda/topics/options.h"

namespace textlambda::topics {

// A distinct text's group, by the numbers of the labels, or kNoGroup. Throws Error(mismatch) for a label without
// such a text.
std::vector<std::uint32_t> fix_texts(const Collection& collection, const std::vector<SeedLabel>& labels);

}  // namespace textlambda::topics
