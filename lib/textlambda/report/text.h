// An evaluation as aligned text.
#pragma once

#include <string>

#include "textlambda/metrics/evaluation.h"

namespace textlambda::report {

// Headline figures, unknown labels, a line a label (of more than 200 of the worst), the confusion matrix (up to 12
// labels; beyond that the largest confusions). Of many unknown labels the ten most frequent are named and the others
// counted: a wrong label column must not bury the headline. to_json() has them all.
std::string to_text(const metrics::Evaluation& evaluation);

}  // namespace textlambda::report
