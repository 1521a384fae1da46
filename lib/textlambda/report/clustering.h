// How a model's groups agree with the labels of a corpus, for people and for machines.
#pragma once

#include <string>

#include "textlambda/metrics/evaluation.h"

namespace textlambda::report {

// The figures, and of each group what its examples mostly are, the largest group first.
std::string clustering_text(const metrics::Evaluation& evaluation);

// One JSON object, indented: n, labels and groups counted, the figures, majorities (docs/json.md).
std::string clustering_json(const metrics::Evaluation& evaluation);

}  // namespace textlambda::report
