// Which labels a table names, and in what order: of many a reader looks for the worst. Pure, thread-safe.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "textlambda/metrics/metrics.h"

namespace textlambda::report {

struct WorstLabels {
  std::vector<const metrics::LabelMetrics*> labels;  // lowest F1 first, otherwise in the order given
  std::size_t more = 0;                              // left out
};

// All of them up to `most`; of more those that occur before those that do not, and of labels of the same F1 those with
// the most examples first. The labels have to outlive the result.
WorstLabels worst_labels(std::vector<const metrics::LabelMetrics*> labels, std::size_t most);

// What a table says of those that it leaves out.
std::string more_labels_sentence(std::size_t more);

}  // namespace textlambda::report
