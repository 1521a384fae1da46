// Whether an answer is a good one.
#pragma once

#include <string>

#include "textlambda/lambda/handler.h"

namespace textlambda::replay {

// Why the answer counts as failed, in one line: a function error, an event that no source's shape fits, records that
// failed, or a status code of 400 and more. Empty where it counts as ok.
std::string failure(const lambda::Answer& answer);

}  // namespace textlambda::replay
