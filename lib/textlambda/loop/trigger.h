// What an event asks of the loop: rows to be kept, a round to be run. Pure functions.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "textlambda/events/event.h"
#include "textlambda/lambda/invocation.h"
#include "textlambda/store/feedback.h"

namespace textlambda::loop {

// Whether the function takes events of that source at all: queues, streams, requests over HTTP, notices, schedules and
// direct calls; not those whose answer has to be a classification.
bool is_taken(events::Source source);

// Whether the record is no row but a reason for a round: a schedule, an object that came into S3, a notice of SNS or
// EventBridge without a text and a label, and an object of that kind in a direct call.
bool asks_for_round(const events::Event& event, const events::Record& record);

// The name of the round that record `index` asks for: the event's own, which is the same when it is delivered again.
std::string round_name(const events::Event& event, std::size_t index, const lambda::Invocation& invocation);

// The rows of record `index`. What tells one from others is the source's name for the record; over HTTP the header
// Idempotency-Key, and without one what the row says.
std::vector<store::FeedbackRow> rows_of(const events::Event& event, std::size_t index,
                                        const lambda::Invocation& invocation);

}  // namespace textlambda::loop
