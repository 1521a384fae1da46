// The sketch of the training distribution that goes into the model (model/sketch.h says what it is and why it is of
// held-out documents), and the rows for its filter.
#pragma once

#include <cstdint>
#include <vector>

#include "textlambda/model/sketch.h"
#include "textlambda/train/calibration.h"
#include "textlambda/train/document_counts.h"
#include "textlambda/train/fit/solver.h"
#include "textlambda/train/vocabulary.h"

namespace textlambda::train {

// The logits of the documents that `held_out` flags, an entry each in the corpus's order, under a model of the others,
// pruned as models are to the share `keep`. `weights`: the fit without them.
HeldOut pruned_logits(const LabelledDocuments& documents, const std::vector<std::uint8_t>& held_out,
                      const Vocabulary& vocabulary, const std::vector<float>& scales, const Weights& weights,
                      unsigned min_documents, double keep);

// What the documents with a part (not 0) are to the models that have not seen that part: logits[part − 1] are theirs.
// In the corpus's order, without known_n_grams, which make_sketch() counts.
std::vector<model::DocumentTraits> held_out_traits(const LabelledDocuments& documents,
                                                   const std::vector<std::uint8_t>& parts,
                                                   const std::vector<HeldOut>& logits, double temperature);

// The sketch of those documents. How much of a document the model of all documents would know had it not been among
// them: an n-gram counts as known if the others are still min_documents, and if its importance, less the document's own
// part of it, 1 / (document frequency), still comes up to the least of those kept. (A model of fewer documents would
// not do here: it knows less. docs/drift.md has figures.)
model::Sketch make_sketch(const LabelledDocuments& documents, const std::vector<std::uint8_t>& held_out,
                          std::vector<model::DocumentTraits> traits, const Vocabulary& vocabulary,
                          const std::vector<float>& importance, const std::vector<std::uint32_t>& kept,
                          unsigned min_documents);

// features::row_hash() of every document, in the corpus's order.
std::vector<std::uint64_t> collect_row_hashes(const LabelledDocuments& documents);

}  // namespace textlambda::train
