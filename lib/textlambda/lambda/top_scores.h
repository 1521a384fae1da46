// The most probable labels of a text.
#pragma once

#include <cstddef>
#include <vector>

#include "textlambda/events/classification.h"
#include "textlambda/model/classifier.h"

namespace textlambda::lambda {

// `top_k` of the classifier's labels, by what the last prediction left in `scratch`; of equals, the earlier label.
std::vector<events::Score> top_scores(const model::Scratch& scratch, std::size_t top_k);

}  // namespace textlambda::lambda
