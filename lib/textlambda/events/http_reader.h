// Reads a request over HTTP. A client's mistake becomes a status 4xx with a reason.
#pragma once

#include "textlambda/events/event_reader.h"

namespace textlambda::events {

// In the shape that the event's source has it.
void read_http(EventReader& reader);
// The body alone, of a request without a method.
void read_http_payload(EventReader& reader);

}  // namespace textlambda::events
