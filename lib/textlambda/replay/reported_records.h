// What an answer over the wire tells of the records of its event, which only the function itself knows in full.
#pragma once

#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "textlambda/lambda/handler.h"

namespace textlambda::replay {

// A record for each that the event has, in order, those that the answer reports as failed marked so:
// batchItemFailures, a Firehose record's ProcessingFailed, an S3 Batch task's result. An identifier that the event does
// not have fails the whole batch, as the services see it: one more record, at the end, says so. `response` may be
// anything.
std::vector<lambda::RecordOutcome> reported_records(lambda::Source source, const nlohmann::json& event,
                                                    const nlohmann::json& response);

// The status code of an answer over HTTP: its own, or 200 for a bare value where the source allows that; 0 for none.
int reported_status(lambda::Source source, const nlohmann::json& response);

}  // namespace textlambda::replay
