// An evaluation for machines.
#pragma once

#include <string>

#include "textlambda/metrics/evaluation.h"

namespace textlambda::report {

struct Report;

// One JSON object with sorted keys, indented: n, accuracy (a fraction), accuracy_interval [low, high], macro_f1,
// log_loss, ece, labels (an object a label) and the rest of Metrics. What is not a number is null.
std::string to_json(const metrics::Evaluation& evaluation);
// The same with "warnings", "slices" where asked for, and "gate" (gate_json.h) where the run was held against anything.
std::string to_json(const Report& report);

}  // namespace textlambda::report
