// The first of the three steps of a training: corpus → counted n-grams → vocabulary, then → scales → vectors.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "textlambda/corpus/row_source.h"
#include "textlambda/features/options.h"
#include "textlambda/io/executor.h"
#include "textlambda/train/card.h"
#include "textlambda/train/document_counts.h"
#include "textlambda/train/fit/naive_bayes.h"
#include "textlambda/train/holdout.h"
#include "textlambda/train/options.h"
#include "textlambda/train/progress.h"
#include "textlambda/train/training_set.h"
#include "textlambda/train/vocabulary.h"

namespace textlambda::train {

struct Prepared {
  features::FeatureOptions features;
  LabelledDocuments documents;  // terms are features
  Vocabulary vocabulary;
  unsigned min_documents = 0;  // that an n-gram had to be in
  double keep = 0;             // the share of the features that the model will have
  Holdout holdout;
  std::vector<float> scales;  // a feature: from the documents not held out, from all where parts are held out in turn
  std::optional<UnlabelledReport> unlabelled;  // where there are such texts
  // For the fit alone, which takes them away: the largest things in memory.
  LabelCounts label_counts;
  TrainingSet set;  // borrows from documents
};

// All but what weigh() adds. `texts`: further ones without labels, or null. `options`: valid. Throws Error as the
// sources do, and for label weights that do not fit the corpus.
Prepared prepare(const corpus::RowSource& corpus, const corpus::RowSource* texts, const TrainOptions& options,
                 const io::Executor& executor, const Progress& progress);

// What the labels of documents say of features.
struct LabelStatistics {
  std::vector<float> scales;
  LabelCounts counts;
};
// By the documents without a flag. `guesses`: of the unlabelled ones, or null. `further`: where labels are many, the
// documents without that flag have places in the pattern too, though they are not counted; or null.
LabelStatistics count_by_label(const Prepared& prepared, const std::vector<std::uint8_t>& flags, const Guesses* guesses,
                               const io::Executor& executor, const std::vector<std::uint8_t>* further = nullptr);
// By the documents that are not held out, or, where parts are held out in turn, by all. The pattern of many labels has
// the places too that the fit to everything needs.
LabelStatistics count_by_label(const Prepared& prepared, const io::Executor& executor);

// Scales, label counts and vectors, by the documents that are held out and by what unlabelled ones are guessed to be.
void weigh(Prepared& prepared, const io::Executor& executor);

}  // namespace textlambda::train
