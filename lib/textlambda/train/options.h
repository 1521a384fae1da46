// Everything a training can be told. The defaults are a recipe measured over many corpora (docs/benchmarks.md): a
// corpus rarely wants anything else.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "textlambda/features/options.h"
#include "textlambda/model/precision.h"
#include "textlambda/train/memory_plan.h"

namespace textlambda::train {

struct TrainOptions {
  // What the process may take. What is beyond it goes to a file while the training lasts; the model is the same, so the
  // card does not tell. Unset: no limit.
  MemoryLimit memory;

  // Runs of words. Raise the maximum to 3 for long, formulaic texts; empty (0-0) for none.
  features::NGramRange words{1, 2};
  // Runs of characters. Unset: 2-5 where the mean text is shorter than 1000 bytes, else none: long texts do as well
  // with words alone, and train much faster.
  std::optional<features::NGramRange> characters;
  // How far behind a negator a word counts once more as negated, in words; 0: nowhere. Unset: 4 for up to five
  // labels, where it helps to tell opinions apart, 0 for more.
  std::optional<int> negation_scope;
  // False where case carries meaning. Unset: true, but for source code (choices.h).
  std::optional<bool> lower_case;
  // Words to leave out, separated by white space; see features::english_stop_words(). Default none: common words help.
  std::string stop_words;
  // An n-gram in fewer documents is dropped. Unset: 1 for a small corpus (choices.h), whose rare words are all there is
  // to go by, else 2. 3 and more rarely help.
  std::optional<int> min_documents;

  // Inverse strength of regularisation. Unset: 8 for two labels, 16 for more, or less where the held-out part shows
  // that the fit is far too sure of itself, as with wrong labels.
  std::optional<double> c;
  // Strength of the prior of naive Bayes that the weights start from (fit/naive_bayes.h). 0: none.
  double prior = 0.1;
  // Weight each label's documents by N / (labels · documents of the label): for recall of rare labels rather than
  // accuracy.
  bool balance_labels = false;
  // Factors on the C of single labels, on top; every name must be a label of the corpus.
  std::map<std::string, double> label_weights;
  // Passes over the corpus. Unset: 5, or from 20,000 documents on 4, or 3 for more than two labels, where a further one
  // changes nothing; and as many more, to 50, as it takes to come near the optimum.
  std::optional<int> epochs;
  // Seeds the order of documents and the choice of the held-out part.
  std::uint64_t seed = 1;

  // Share of the corpus held out to measure accuracy and calibrate confidences (the model itself is fitted to all of
  // it). A small corpus is cut into parts of this share that are held out in turn. 0: no measurement, no calibration.
  double holdout = 0.1;
  std::size_t max_holdout = 3000;

  // Share of the features kept in the model, those that matter most. 1 keeps all. Unset: 1 for a small
  // corpus and for source code, else 0.5.
  std::optional<double> keep;
  model::Precision precision = model::Precision::int8;
  // Keep a filter of the training rows (2.5 bytes each), with which textlambda-evaluate finds test rows that were
  // trained on. False where nobody may learn whether a text was among them.
  bool row_filter = true;
  // Bytes the model may spend on the readable n-grams that textlambda-inspect shows. 0: none.
  std::size_t inspect_bytes = 65536;
  // Predictions below this confidence say so.
  double abstain_threshold = 0;
};

// Throws Error(usage) naming the option, what was given and what is expected.
void validate(const TrainOptions& options);

// The options as one JSON object with sorted keys: what the configuration's SHA-256 is taken over.
std::string to_json(const TrainOptions& options);

}  // namespace textlambda::train
