// How much each feature counts in a document's vector: s = idf^p · (2·KL + ε)^¼, where KL is the divergence of the
// feature's label distribution from the prior and p is 1.3 for two labels, 0.7 for more (docs/learning.md). Features
// that say nothing about the label shrink, rare telling ones grow. Found by measurement to beat tf-idf and NB-SVM's
// log-count ratios (Wang and Manning, ACL 2012), whose idea it follows.
#pragma once

#include <cstdint>
#include <vector>

#include "textlambda/io/executor.h"
#include "textlambda/train/document_counts.h"
#include "textlambda/train/label_lists.h"
#include "textlambda/train/vocabulary.h"

namespace textlambda::train {

// A scale for each feature of the lists' range. Computed from whole counts, so the same for any number of threads.
std::vector<float> compute_feature_scales(const LabelledDocuments& documents, const Vocabulary& vocabulary,
                                          const LabelLists& lists, const io::Executor& executor);

}  // namespace textlambda::train
