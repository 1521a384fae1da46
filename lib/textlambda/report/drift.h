// What was found of drift, for people and for machines.
#pragma once

#include <string>

#include "textlambda/drift/drift.h"

namespace textlambda::report {

// A headline, a table of the four views and the verdict in plain words.
std::string to_text(const drift::DriftReport& report);

// One JSON object, indented: verdict ("none", "drift", "inconclusive"), texts, training_documents, alpha, min_shift,
// visible_shift, sentence, checks [{view, shift, p, adjusted_p, drifted, traffic, training, label, sentence}].
std::string to_json(const drift::DriftReport& report);

}  // namespace textlambda::report
