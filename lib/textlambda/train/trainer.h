// Training from a corpus to the bytes of a model file: prepare, fit, finish.
#pragma once

#include "textlambda/corpus/row_source.h"
#include "textlambda/io/executor.h"
#include "textlambda/train/card.h"
#include "textlambda/train/options.h"
#include "textlambda/train/progress.h"

namespace textlambda::train {

// Throws Error as the source and validate() do. The bytes depend on corpus, options and version alone.
TrainingResult train(const corpus::RowSource& corpus, const TrainOptions& options, const io::Executor& executor,
                     const Progress& progress);

// The same with further texts that have no label, which are used where they make the model better (unlabelled.h).
TrainingResult train(const corpus::RowSource& corpus, const corpus::RowSource& texts, const TrainOptions& options,
                     const io::Executor& executor, const Progress& progress);

}  // namespace textlambda::train
