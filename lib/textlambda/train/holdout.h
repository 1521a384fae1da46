// The documents set aside to measure accuracy and calibrate. What was copied, filled in or sent again stays on one
// side: a text whose twin was fitted would say how well the fit remembers, not how well it guesses.
#pragma once

#include <cstdint>
#include <vector>

#include "textlambda/train/document_counts.h"

namespace textlambda::train {

struct Holdout {
  std::vector<std::uint8_t> part;  // a document: 0 where it is never held out, else the number of its part
  unsigned parts = 0;              // 1, or several for a small corpus: each is held out once
  std::size_t texts = 0;           // different ones, copies and near-copies taken as one
};

// Documents of one gist (features::TextTerms::gist) are a group, which counts to the label that most of it has; a group
// of more than a third of its label's documents is taken apart into equal texts. Of each label groups are taken in the
// order of a hash of their gist and `seed`, whatever their place in the corpus, up to the label's part of
// min(share, largest / N); none of a label with fewer than three documents, and never a text that is more than a third
// of them. With few texts altogether, all groups go into parts of about that share. share 0: none.
Holdout choose_holdout(const LabelledDocuments& documents, double share, std::size_t largest, std::uint64_t seed);

// A flag a document: whether it is of that part; of none for part 0.
std::vector<std::uint8_t> flags_of(const Holdout& holdout, std::size_t part);

}  // namespace textlambda::train
