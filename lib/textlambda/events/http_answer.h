// The proxy object that API Gateway, function URLs, load balancers and service networks turn into a response, with what
// it says to pages of other origins (HttpExchange::allowed_origins).
#pragma once

#include "textlambda/events/answer.h"
#include "textlambda/events/classification.h"
#include "textlambda/events/event.h"
#include "textlambda/events/limits.h"

namespace textlambda::events {

// In the shape that the event's source wants it.
void write_http(Event& event, const ClassificationWriter& writer, const Limits& limits, Answer& answer);

// A status 500, which says nothing of the inside.
void fail_over_http(const Event& event, Answer& answer);

}  // namespace textlambda::events
