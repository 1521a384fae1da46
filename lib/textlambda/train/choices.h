// What is chosen where the options leave it open, and options held against what the corpus turned out to have.
#pragma once

#include <cstddef>
#include <vector>

#include "textlambda/features/options.h"
#include "textlambda/train/document_counts.h"
#include "textlambda/train/options.h"

namespace textlambda::train {

// Where most texts are written like source code case tells names apart, and so do rare n-grams.
bool is_code(const CorpusSample& sample);

// By a sample of the corpus, which may have missed labels.
features::FeatureOptions choose_features(const CorpusSample& sample, const TrainOptions& options);
int choose_negation_scope(std::size_t labels, const TrainOptions& options);

// A corpus is small where it has fewer than 100 different texts a label, or fewer than 1,000 altogether and short ones:
// there an n-gram of one document may be what tells a label, and a model with all of them is small too. Of more than
// 200 labels, where it has fewer than five texts a label.
bool is_small(std::size_t texts, const LabelledDocuments& documents, const features::FeatureOptions& features);
unsigned choose_min_documents(bool small, const TrainOptions& options);
double choose_keep(bool small, bool code, const TrainOptions& options);

double choose_c(const LabelledDocuments& documents, const TrainOptions& options);
int choose_epochs(const LabelledDocuments& documents, const TrainOptions& options);

// C of each label's documents. Throws Error(mismatch) for a weight of a label that the corpus lacks.
std::vector<float> label_costs(const LabelledDocuments& documents, const TrainOptions& options);

}  // namespace textlambda::train
