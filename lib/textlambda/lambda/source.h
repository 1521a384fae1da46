// The services that invoke a function, each with its own shape of event and its own contract for the answer;
// docs/events.md describes them.
#pragma once

#include <optional>
#include <string_view>

namespace textlambda::lambda {

enum class Source {
  sns,
  sqs,
  kinesis,
  dynamodb,
  s3,
  s3_batch,
  ses,
  cloudwatch_logs,
  eventbridge,
  scheduled,
  firehose,
  kafka,  // of Amazon MSK or self-managed
  activemq,
  rabbitmq,
  documentdb,
  api_gateway_rest,
  http_api,
  function_url,
  alb,
  lex,
  appsync,
  cognito,
  direct,  // an SDK, Step Functions, IoT: any payload that is none of the above
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

}  // namespace textlambda::lambda
