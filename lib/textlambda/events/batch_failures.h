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

// Reads such an answer as the services do, whose pages list what counts as a success and what fails the whole batch:
// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
// `name_of` turns an itemIdentifier that is there into a record's name (ServiceSide::identified).
NamedFailures read_batch_failures(const nlohmann::json& response,
                                  std::string (*name_of)(const nlohmann::json* identifier));
// The same for a report of the event's records.
void report_batch_failures(const nlohmann::json& response, std::string (*name_of)(const nlohmann::json* identifier),
                           RecordReport& report);

}  // namespace textlambda::events
