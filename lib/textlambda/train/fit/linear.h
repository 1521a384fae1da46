// The second of the three steps of a training, for the linear kind of model: vectors → weights and what they are worth.
#pragma once

#include <string>
#include <vector>

#include "textlambda/corpus/row_source.h"
#include "textlambda/io/executor.h"
#include "textlambda/model/sketch.h"
#include "textlambda/train/calibration.h"
#include "textlambda/train/fit/solver.h"
#include "textlambda/train/options.h"
#include "textlambda/train/prepare.h"
#include "textlambda/train/progress.h"

namespace textlambda::train {

struct Fits {
  Weights all;  // fitted to every document
  double c = 0;
  int epochs = 0;
  double gap = 0;
  bool converged = true;
  HeldOut held_out;        // under fits that have not seen them; none where nothing is held out
  double temperature = 1;  // by those
  std::vector<model::DocumentTraits> held_out_traits;
  std::string corpus_sha256;
};

// The fits, to everything and to what is not held out, side by side or one from the other; the corpus's hash beside
// them. Where the held-out documents show that the fit is far too sure of itself, smaller C are tried on them and the
// best is fitted to everything. Takes label_counts and set from `prepared`.
Fits fit_linear(const corpus::RowSource& corpus, Prepared& prepared, const TrainOptions& options,
                const io::Executor& executor, const Progress& progress);

// What a fit makes of a part of the documents that neither it nor scales nor prior have seen.
struct PartFit {
  HeldOut held_out;  // an entry a document of the part, in the corpus's order: whatever the vocabulary, the same ones
  std::vector<float> unlabelled;  // where nothing is guessed: logits of the unlabelled documents, label_count each
};

// `flags`: a document, not 0 where it is of the part. `guesses`: of the unlabelled documents, made without the part;
// null for none. On one thread.
PartFit fit_part(const Prepared& prepared, const std::vector<std::uint8_t>& flags, const Guesses* guesses,
                 const TrainOptions& options);

}  // namespace textlambda::train
