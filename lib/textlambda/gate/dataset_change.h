// What to say of a test set that is not the reference's. Pure, thread-safe.
#pragma once

#include <string>

#include "textlambda/gate/comparison.h"

namespace textlambda::gate {

// "3 rows added (2 of them repeat one), e.g. test.jsonl:17; 1 relabelled, e.g. test.jsonl:5 \"spam\" → \"ham\"".
std::string describe(const DatasetChange& change);

}  // namespace textlambda::gate
