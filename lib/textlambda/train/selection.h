// What of a fit goes into the model: the features that matter most, and the readable n-grams of each label.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "textlambda/corpus/row_source.h"
#include "textlambda/io/executor.h"
#include "textlambda/model/profile_writer.h"
#include "textlambda/train/document_counts.h"
#include "textlambda/train/fit/solver.h"
#include "textlambda/train/vocabulary.h"

namespace textlambda::train {

// What a feature matters to a fit: scale · max|weight| · √(document frequency). 0 for one without any weight.
std::vector<float> feature_importance(const std::vector<std::uint32_t>& document_frequencies,
                                      const std::vector<float>& scales, const Weights& weights);

// The share `keep` of the features that are most important, in their order. Those of importance 0 are never kept.
std::vector<std::uint32_t> select_features(const std::vector<float>& importance, double keep);

// Of each label the n-grams that speak for it most, found again in the corpus; together they take at most about
// `budget` bytes of the model. `kept`: the features to choose among.
std::vector<model::ProfileContent::LabelNGram> find_strongest(
    const corpus::RowSource& corpus, const LabelledDocuments& documents, const Vocabulary& vocabulary,
    const std::vector<float>& scales, const Weights& weights, const std::vector<std::uint32_t>& kept,
    const features::FeatureOptions& options, std::size_t budget, const io::Executor& executor);

}  // namespace textlambda::train
