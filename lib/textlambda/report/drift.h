// What was found of drift, for people and for machines.
#pragma once

#include <string>
#include <string_view>

#include "textlambda/drift/drift.h"

namespace textlambda::report {

std::string_view drift_headline(drift::DriftVerdict verdict);  // NO DRIFT, DRIFT, INCONCLUSIVE

// A headline, a table of the four views and the verdict in plain words; for terminals, and as Markdown.
std::string to_text(const drift::DriftReport& report);
std::string to_markdown(const drift::DriftReport& report);

// One JSON object, indented: verdict ("none", "drift", "inconclusive"), texts, training_documents, alpha, min_shift,
// visible_shift, sentence, checks [{view, shift, p, adjusted_p, drifted, traffic, training, label, sentence}].
std::string to_json(const drift::DriftReport& report);

}  // namespace textlambda::report
