// An evaluation for machines.
#pragma once

#include <cstddef>
#include <string>

#include "textlambda/metrics/evaluation.h"

namespace textlambda::report {

struct Report;

inline constexpr std::size_t kLargestJsonMatrix = 256;  // labels, those that the model does not know among them

// One JSON object with sorted keys, indented: n, accuracy (a fraction), accuracy_interval [low, high], macro_f1,
// log_loss, ece, labels (an object a label) and the rest of Metrics. What is not a number is null. The confusion matrix
// by its rows ("counts") up to kLargestJsonMatrix of them; of more by its cells ("cells"): [truth, prediction, count],
// both as indices, where the count is not 0.
std::string to_json(const metrics::Evaluation& evaluation);
// The same with "warnings", "slices" where asked for, and "gate" (gate_json.h) where the run was held against anything.
std::string to_json(const Report& report);

}  // namespace textlambda::report
