// The last of the three steps of a training: what was fitted, pruned, quantised and measured, becomes a model file.
#pragma once

#include "textlambda/corpus/row_source.h"
#include "textlambda/io/executor.h"
#include "textlambda/train/card.h"
#include "textlambda/train/fit/linear.h"
#include "textlambda/train/options.h"
#include "textlambda/train/prepare.h"

namespace textlambda::train {

TrainingResult finish_linear(const corpus::RowSource& corpus, const Prepared& prepared, Fits fits,
                             const TrainOptions& options, const io::Executor& executor);

}  // namespace textlambda::train
