// What a service makes of a function's answer to a batch. An empty list of batch item failures, none, an empty object,
// null and nothing at all are a success; an answer that is no JSON object, a list that is none, an itemIdentifier that
// is missing, null, empty or of no record of the batch fail all of the batch, and so do a function error and a timeout.
// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
// https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-batchfailurereporting.html
// Pure functions.
#pragma once

#include <string>
#include <string_view>

#include "textlambda/sources/event_source.h"

namespace textlambda::sources {

// What came of an invocation.
struct Reply {
  bool throttled = false;       // 429: there is no body
  bool function_error = false;  // `body` is its error
  std::string body;
};

// Fills in `verdict`. Of a source whose answers name nothing (EventSource::reports_failures(), or whose answers are
// ignored) any answer that is no function error is a success.
void read_answer(const EventSource& source, const Batch& batch, const Reply& reply, Verdict& verdict);

// A hint for people where an answer looks as if it were meant to name failures and names none, which deletes the batch
// unseen: "the answer has \"BatchItemFailures\", which …"; empty otherwise.
std::string misspelt_failures(std::string_view body);

}  // namespace textlambda::sources
