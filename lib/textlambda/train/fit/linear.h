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
  Weights all;             // fitted to every document
  HeldOut held_out;        // under a fit that has not seen them; none where nothing is held out
  double temperature = 1;  // by those
  std::vector<model::DocumentTraits> held_out_traits;
  std::string corpus_sha256;
};

// The two fits, to everything and to what is not held out, side by side; the corpus's hash beside them. Takes
// label_counts and set from `prepared`.
Fits fit_linear(const corpus::RowSource& corpus, Prepared& prepared, const TrainOptions& options,
                const io::Executor& executor, const Progress& progress);

}  // namespace textlambda::train
