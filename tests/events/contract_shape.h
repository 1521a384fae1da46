// Whether an answer has the shape of its source's contract, whatever the event was. Shared by the mutation test and the
// fuzz target.
#pragma once

#include <string>

#include "textlambda/events/answer.h"

namespace textlambda::events {

// Why not, or an empty string.
std::string shape_flaw(const Answer& answer);

}  // namespace textlambda::events
