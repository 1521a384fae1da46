// What AWS writes of a message or an event that is given up. Pure functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "textlambda/sources/account.h"
#include "textlambda/sources/message.h"

namespace textlambda::sources {

struct StreamOptions;

// A dead letter of a queue is the message itself, under its own id: JSON that can be read as a message again.
std::string sqs_dead_letter(const Message& message, std::uint32_t receives);

// Of a stream the records stay where they are, and the record says where that is; of Kafka they are in it.
// https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
// https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
// https://docs.aws.amazon.com/lambda/latest/dg/kafka-on-failure.html
struct StreamFailure {
  std::string condition;  // RetryAttemptsExhausted, RecordAgeExceeded
  std::uint32_t invocations = 0;
  bool function_error = false;  // the last invocation ended in one
  std::uint32_t shard = 0;
  std::size_t records = 0;
  const Message* first = nullptr;
  const Message* last = nullptr;
  std::int64_t first_arrival_ms = 0;
  std::int64_t last_arrival_ms = 0;
  std::string payload;  // of Kafka: the event
};
std::string stream_failure_record(const StreamOptions& options, const StreamFailure& failure, std::int64_t now_ms);

// Of an event that nobody waits for.
// https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
struct EventFailure {
  std::string condition;   // RetriesExhausted, EventAgeExceeded
  std::string request_id;  // a UUID
  std::uint32_t invocations = 0;
  std::string_view event;  // JSON
};
std::string event_failure_record(const Account& account, const EventFailure& failure, std::int64_t now_ms);

}  // namespace textlambda::sources
