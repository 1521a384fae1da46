// Puts texts, and the n-grams that decided, beside the rows that a comparison shows.
#pragma once

#include "textlambda/corpus/row_source.h"
#include "textlambda/gate/comparison.h"
#include "textlambda/io/executor.h"
#include "textlambda/model/classifier.h"

namespace textlambda::gate {

// Reads the partitions again that the first kFlipsWithText flips of each kind and the errors stand in. `corpus`: what
// the comparison's candidate was evaluated on. The result does not depend on the executor.
void add_example_texts(const model::Classifier& classifier, const corpus::RowSource& corpus,
                       const io::Executor& executor, Comparison& comparison);

}  // namespace textlambda::gate
