// Whether texts without a label make the model better, and how: the linear model and a naive Bayes classifier fitted by
// EM to labelled and unlabelled texts guess their labels together (teacher.h), and the linear model is fitted again,
// the guesses beside the labels, at less weight. Held-out parts of the labelled documents decide: texts of another
// kind, or with labels that do not exist there, can do harm.
#pragma once

#include <cstdint>

#include "textlambda/corpus/row_source.h"
#include "textlambda/io/executor.h"
#include "textlambda/train/options.h"
#include "textlambda/train/prepare.h"
#include "textlambda/train/progress.h"

namespace textlambda::train {

// `prepared`: of the corpus alone. Becomes that of both, with guesses, where the texts help; else stays as it was but
// for its report of them.
void use_unlabelled(const corpus::RowSource& corpus, const corpus::RowSource& texts, Prepared& prepared,
                    const TrainOptions& options, const io::Executor& executor, const Progress& progress);

}  // namespace textlambda::train
