// What is chosen where the options leave it open, and options held against what the corpus turned out to have.
#pragma once

#include <cstddef>
#include <vector>

#include "textlambda/corpus/row_source.h"
#include "textlambda/features/options.h"
#include "textlambda/train/document_counts.h"
#include "textlambda/train/options.h"

namespace textlambda::train {

// By a sample of the corpus, which may have missed labels.
features::FeatureOptions choose_features(const corpus::RowSource& corpus, const TrainOptions& options);
int choose_negation_scope(std::size_t labels, const TrainOptions& options);

double choose_c(const LabelledDocuments& documents, const TrainOptions& options);
int choose_epochs(const LabelledDocuments& documents, const TrainOptions& options);

// C of each label's documents. Throws Error(mismatch) for a weight of a label that the corpus lacks.
std::vector<float> label_costs(const LabelledDocuments& documents, const TrainOptions& options);

}  // namespace textlambda::train
