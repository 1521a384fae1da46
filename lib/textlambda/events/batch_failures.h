// The answer of queues and streams: {"batchItemFailures":[{"itemIdentifier":…}]}, which names the records that failed;
// only those are handed over again. A tumbling window's answer carries its state too.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "textlambda/events/answer.h"
#include "textlambda/events/classification.h"
#include "textlambda/events/event.h"
#include "textlambda/events/limits.h"
#include "textlambda/events/service_side.h"

namespace textlambda::events {

void write_batch_failures(Event& event, const ClassificationWriter& writer, const Limits& limits, Answer& answer);

// Reads such an answer. `name_of` turns an itemIdentifier (null where it is missing) into a record's name.
void report_batch_failures(const nlohmann::json& response, std::string (*name_of)(const nlohmann::json* identifier),
                           RecordReport& report);

}  // namespace textlambda::events
