// The services that invoke a function, each with its own shape of event and its own contract for the answer;
// docs/events.md describes them.
#pragma once

#include <optional>
#include <string_view>

// A row a source, in the order in which an event is held against them: it belongs to the first that recognises it. A
// row NAME is the enumerator, the name in reports, and the file NAME.cpp, which has all that is known of the source
// (source_row.h, service_side.h). To add a source is to write that file and its row.
#define TEXTLAMBDA_SOURCES(SOURCE)         \
  SOURCE(sns)                              \
  SOURCE(sqs)                              \
  SOURCE(kinesis)                          \
  SOURCE(dynamodb)                         \
  SOURCE(s3)                               \
  SOURCE(ses)                              \
  SOURCE(alb)                              \
  SOURCE(function_url)                     \
  SOURCE(http_api)                         \
  SOURCE(api_gateway_rest)                 \
  SOURCE(api_gateway_websocket)            \
  SOURCE(vpc_lattice_v2)                   \
  SOURCE(vpc_lattice_v1)                   \
  SOURCE(cloudwatch_logs)                  \
  SOURCE(scheduled)                        \
  SOURCE(eventbridge)                      \
  SOURCE(firehose)                         \
  SOURCE(kafka) /* MSK and self-managed */ \
  SOURCE(activemq)                         \
  SOURCE(rabbitmq)                         \
  SOURCE(documentdb)                       \
  SOURCE(s3_batch)                         \
  SOURCE(lex)                              \
  SOURCE(bedrock_agent)                    \
  SOURCE(connect) /* Amazon Connect */     \
  SOURCE(appsync)                          \
  SOURCE(appsync_events)                   \
  SOURCE(cognito)                          \
  SOURCE(warmup)                           \
  SOURCE(direct) /* the last: any payload that is none of the above */

namespace textlambda::events {

enum class Source {
#define TEXTLAMBDA_SOURCE(name) name,
  TEXTLAMBDA_SOURCES(TEXTLAMBDA_SOURCE)
#undef TEXTLAMBDA_SOURCE
};

inline constexpr int kSourceCount = static_cast<int>(Source::direct) + 1;

// As the enumerators are spelt.
std::string_view source_name(Source source);
// Nothing for a name that is none of them.
std::optional<Source> source_of(std::string_view name);

// API Gateway, function URLs and load balancers: a request over HTTP, answered with a status code.
bool is_http(Source source);
// A batch whose answer names the records that failed, `batchItemFailures`, and only those are handed over again.
bool takes_batch_failures(Source source);
// The text is in the event, not in an object that it names, or nowhere.
bool carries_text(Source source);

}  // namespace textlambda::events
