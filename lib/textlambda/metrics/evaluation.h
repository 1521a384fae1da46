// A model judged on a labelled corpus.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "textlambda/corpus/row_source.h"
#include "textlambda/io/executor.h"
#include "textlambda/metrics/judged_rows.h"
#include "textlambda/metrics/metrics.h"
#include "textlambda/model/classifier.h"

namespace textlambda::metrics {

struct Evaluation {
  Metrics metrics;
  std::uint64_t abstained = 0;  // examples whose confidence is below the model's threshold
  corpus::RowFaults faults;
  JudgedRows rows;  // where asked for: each example, with the columns the corpus was opened with
};

// Called with the share that is done, from any thread but never from two at once.
using Progress = std::function<void(double share)>;

enum class KeepRows { no, yes };

// Predicts every row. Keeping the rows takes about 60 bytes each, and 4 more a label where there are over two. The
// result does not depend on the executor. Throws Error as the corpus does, and for one without rows.
Evaluation evaluate(const model::Classifier& classifier, const corpus::RowSource& corpus, const io::Executor& executor,
                    const Progress& progress, KeepRows keep = KeepRows::no);

}  // namespace textlambda::metrics
