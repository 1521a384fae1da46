// The first of the three steps of a training: corpus → counted n-grams → vocabulary → scales → vectors.
#pragma once

#include <cstdint>
#include <vector>

#include "textlambda/corpus/row_source.h"
#include "textlambda/features/options.h"
#include "textlambda/io/executor.h"
#include "textlambda/train/document_counts.h"
#include "textlambda/train/fit/naive_bayes.h"
#include "textlambda/train/options.h"
#include "textlambda/train/progress.h"
#include "textlambda/train/training_set.h"
#include "textlambda/train/vocabulary.h"

namespace textlambda::train {

struct Prepared {
  features::FeatureOptions features;
  LabelledDocuments documents;  // terms are features
  Vocabulary vocabulary;
  std::vector<std::uint8_t> held_out;  // a document: not 0 where it is held out
  std::vector<float> scales;           // a feature
  // For the fit alone, which takes them away: the largest things in memory.
  LabelCounts label_counts;
  TrainingSet set;  // borrows from documents
};

// `options`: valid. Throws Error as the corpus does, and for label weights that do not fit it.
Prepared prepare(const corpus::RowSource& corpus, const TrainOptions& options, const io::Executor& executor,
                 const Progress& progress);

}  // namespace textlambda::train
