// An evaluation as aligned text.
#pragma once

#include <string>

#include "textlambda/evaluate/evaluation.h"

namespace textlambda::report {

// Headline figures, unknown labels, a line a label, the confusion matrix (up to 12 labels; beyond that the largest
// confusions).
std::string to_text(const evaluate::Evaluation& evaluation);

}  // namespace textlambda::report
