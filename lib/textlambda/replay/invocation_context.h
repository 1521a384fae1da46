// The invocation that a recording stands for.
#pragma once

#include "textlambda/lambda/invocation.h"
#include "textlambda/recording/recording.h"

namespace textlambda::replay {

// Request id, ARN, trace id, client context and identity as the recording's "context" has them; empty where it has
// not. No deadline: what was recorded is long past. `recording` has to outlive the result.
lambda::Invocation invocation_of(const recording::Recording& recording);

// Why "context" cannot be used, in one line; empty where it can, or there is none.
std::string context_fault(const recording::Recording& recording);

}  // namespace textlambda::replay
