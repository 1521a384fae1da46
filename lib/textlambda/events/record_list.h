// The answer that a service ignores, and that people, destinations and recordings read:
// {"records":[{"id", classification…} | {"id","error"} | {"id","skipped"}]}.
#pragma once

#include "textlambda/events/answer.h"
#include "textlambda/events/classification.h"
#include "textlambda/events/event.h"
#include "textlambda/events/limits.h"

namespace textlambda::events {

// Where nothing at all could be done the invocation fails, which is the one way to tell the service.
void write_record_list(Event& event, const ClassificationWriter& writer, const Limits& limits, Answer& answer);
// The same with `status`, the predicted class, in each classification, and of a single one beside the list too.
void write_status_list(Event& event, const ClassificationWriter& writer, const Limits& limits, Answer& answer);

}  // namespace textlambda::events
