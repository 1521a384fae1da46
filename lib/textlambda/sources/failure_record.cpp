#include "textlambda/sources/failure_record.h"

#include <fmt/format.h>

#include "textlambda/json/write.h"
#include "textlambda/sources/event_writer.h"
#include "textlambda/sources/stream.h"
#include "textlambda/text/timestamp.h"

namespace textlambda::sources {
namespace {

std::string json_text(std::string_view text) {
  std::string json;
  json::append_string(json, text);
  return json;
}

std::string request_context(const std::string& request_id, const std::string& function_arn,
                            const std::string& condition, std::uint32_t invocations) {
  return fmt::format(
      R"("requestContext":{{"requestId":{},"functionArn":{},"condition":{},"approximateInvokeCount":{}}})",
      json_text(request_id), json_text(function_arn), json_text(condition), invocations);
}

std::string response_context(bool function_error) {
  return fmt::format(R"("responseContext":{{"statusCode":200,"executedVersion":"$LATEST"{}}})",
                     function_error ? R"(,"functionError":"Unhandled")" : "");
}

// DynamoDB knows when a change was to the second.
std::string arrival_text(StreamKind kind, std::int64_t time_ms) {
  return json_text(kind == StreamKind::dynamodb ? text::rfc3339_seconds(time_ms) : text::rfc3339(time_ms));
}

std::string batch_info(const StreamOptions& options, const StreamFailure& failure) {
  const std::string first = arrival_text(options.kind, failure.first_arrival_ms);
  const std::string last = arrival_text(options.kind, failure.last_arrival_ms);
  switch (options.kind) {
    case StreamKind::kinesis:
    case StreamKind::dynamodb:
      return fmt::format(
          R"("{}":{{"shardId":{},"startSequenceNumber":{},"endSequenceNumber":{},"approximateArrivalOfFirstRecord":{},)"
          R"("approximateArrivalOfLastRecord":{},"batchSize":{},"streamArn":{}}})",
          options.kind == StreamKind::kinesis ? "KinesisBatchInfo" : "DDBStreamBatchInfo",
          json_text(shard_name(failure.shard)), json_text(failure.first->id), json_text(failure.last->id), first, last,
          failure.records, json_text(options.arn()));
    case StreamKind::kafka:
      return fmt::format(
          R"("KafkaBatchInfo":{{"batchSize":{},"eventSourceArn":{},"bootstrapServers":{},"payloadSize":{},)"
          R"("recordsInfo":{{{}:{{"firstRecordOffset":"{}","lastRecordOffset":"{}","firstRecordTimestamp":{},)"
          R"("lastRecordTimestamp":{}}}}}}},"payload":{})",
          failure.records, json_text(options.arn()), json_text(bootstrap_servers(options)), failure.payload.size(),
          json_text(fmt::format("{}-{}", failure.first->topic, failure.shard)), failure.first->offset,
          failure.last->offset, first, last, failure.payload);
  }
  return "";
}

}  // namespace

std::string sqs_dead_letter(const Message& message, std::uint32_t receives) {
  std::string line = R"({"messageId":)" + json_text(message.id) + R"(,"body":)" + json_text(message.body);
  line += fmt::format(R"(,"attributes":{{"ApproximateReceiveCount":"{}")", receives);
  if (!message.key.empty()) line += R"(,"MessageGroupId":)" + json_text(message.key);
  line += R"(},"messageAttributes":)" + (message.attributes.empty() ? "{}" : message.attributes) + "}";
  return line;
}

std::string stream_failure_record(const StreamOptions& options, const StreamFailure& failure, std::int64_t now_ms) {
  const std::string request_id = uuid_of(failure.first->id + failure.last->id + std::to_string(now_ms));
  std::string line =
      "{" + request_context(request_id, options.account.function_arn(), failure.condition, failure.invocations);
  // What was never invoked has no response.
  if (failure.invocations > 0) line += "," + response_context(failure.function_error);
  return line +
         fmt::format(R"(,"version":"1.0","timestamp":"{}",{}}})", text::rfc3339(now_ms), batch_info(options, failure));
}

std::string event_failure_record(const Account& account, const EventFailure& failure, std::int64_t now_ms) {
  std::string line = fmt::format(R"({{"version":"1.0","timestamp":"{}",)", text::rfc3339(now_ms));
  line +=
      request_context(failure.request_id, account.function_arn() + ":$LATEST", failure.condition, failure.invocations);
  line += R"(,"requestPayload":)" + json::minified(failure.event);
  if (failure.invocations > 0) line += "," + response_context(true);
  return line + "}";
}

}  // namespace textlambda::sources
