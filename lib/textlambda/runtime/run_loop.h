// A function's life: fetch an invocation, answer it, again.
#pragma once

#include <functional>
#include <string_view>

#include "textlambda/lambda/handler.h"
#include "textlambda/runtime/runtime_api.h"

namespace textlambda::runtime {

using HandlerFunction = std::function<lambda::Answer(const lambda::Invocation& invocation)>;
// Told of an answer that the API did not take.
using RejectionFunction = std::function<void(const lambda::Invocation& invocation, std::string_view reason)>;

// Returns once the API's interrupt has come; an invocation at work is answered first. A response over the API's limit
// becomes the error Function.ResponseSizeTooLarge. Throws as RuntimeApi does.
void run(RuntimeApi& api, const HandlerFunction& handler, const RejectionFunction& on_rejection);

}  // namespace textlambda::runtime
