#include "textlambda/lambda/source.h"

#include <array>
#include <cstddef>

namespace textlambda::lambda {
namespace {

constexpr std::array<std::string_view, kSourceCount> kNames = {
    "sns",         "sqs",          "kinesis",  "dynamodb", "s3",       "s3_batch", "ses",        "cloudwatch_logs",
    "eventbridge", "scheduled",    "firehose", "kafka",    "activemq", "rabbitmq", "documentdb", "api_gateway_rest",
    "http_api",    "function_url", "alb",      "lex",      "appsync",  "cognito",  "direct"};

}  // namespace

std::string_view source_name(Source source) { return kNames[static_cast<std::size_t>(source)]; }

std::optional<Source> source_of(std::string_view name) {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i] == name) return static_cast<Source>(i);
  }
  return std::nullopt;
}

bool is_http(Source source) {
  return source == Source::api_gateway_rest || source == Source::http_api || source == Source::function_url ||
         source == Source::alb;
}

bool takes_batch_failures(Source source) {
  return source == Source::sqs || source == Source::kinesis || source == Source::dynamodb || source == Source::kafka;
}

}  // namespace textlambda::lambda
