// The verdict of a gate run in words. Pure, thread-safe.
#pragma once

#include "textlambda/gate/comparison.h"
#include "textlambda/gate/settings.h"

namespace textlambda::gate {

// Fills decision, sentence and warnings from checks, limits and references.
void decide(Comparison& comparison, OnInconclusive on_inconclusive);

// One check: "accuracy 93.4 % → 91.9 %, at least 0.9 pp lower; 0.5 pp is allowed".
std::string sentence_of(const RelativeCheck& check);
std::string sentence_of(const LimitCheck& check);

}  // namespace textlambda::gate
