// Answers in the contract of their source, written from a classified event.
#pragma once

#include <string>

#include "textlambda/lambda/classification.h"
#include "textlambda/lambda/event.h"
#include "textlambda/lambda/handler.h"
#include "textlambda/lambda/limits.h"

namespace textlambda::lambda {

// Fills in everything but the source.
void write_answer(const Event& event, const ClassificationWriter& writer, const Limits& limits, Answer& answer);

// The answer becomes a failed invocation, `{"errorMessage","errorType","stackTrace":[]}`.
void fail(Answer& answer, std::string type, std::string message);
// The same for a mistake of ours, with nothing of the inside: over HTTP a status 500.
void fail_internally(Answer& answer);

}  // namespace textlambda::lambda
