// Events as the services send them, written record by record without a document. What the services make up is made up
// from the message alone, so that the same message has the same bytes every time: receipt handles differ by receive.
// Appends to a string that has to outlive the writer; not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "textlambda/sources/message.h"

namespace textlambda::sources {

struct SqsOptions;
struct StreamOptions;

// About what stands around the records of an event, and around what was sent of each, in bytes.
inline constexpr std::size_t kEventBytes = 200;
inline constexpr std::size_t kSqsEnvelopeBytes = 900;
inline constexpr std::size_t kStreamEnvelopeBytes = 700;
// The largest event of a synchronous invocation.
inline constexpr std::size_t kMostEventBytes = 6'291'456;

struct SqsRecord {
  Item place = 0;
  std::uint32_t receive = 1;
  std::int64_t sent_ms = 0;
  std::int64_t first_received_ms = 0;
  std::string_view md5_of_body;  // hexadecimal
};

class SqsEventWriter {
 public:
  // `options` have to outlive it.
  SqsEventWriter(const SqsOptions& options, std::string& out);
  void add(const Message& message, const SqsRecord& record);
  void finish();

 private:
  const SqsOptions& options_;
  std::string& out_;
  std::string arn_;
  bool first_ = true;
};

class StreamEventWriter {
 public:
  // `options` have to outlive it.
  StreamEventWriter(const StreamOptions& options, std::string& out);
  void add(const Message& message, std::uint32_t shard, std::int64_t arrival_ms);
  void finish();

 private:
  void add_kinesis(const Message& message, std::uint32_t shard, std::int64_t arrival_ms);
  void add_dynamodb(const Message& message);
  void add_kafka(const Message& message, std::uint32_t partition, std::int64_t arrival_ms);

  const StreamOptions& options_;
  std::string& out_;
  std::string arn_;
  std::string list_;  // of Kafka: that of the partition being written
  bool first_ = true;
};

// Of EventBridge: what a rule with a schedule sends at that time.
std::string scheduled_event(const std::string& rule_arn, const std::string& region, const std::string& account,
                            std::int64_t time_ms);

// The MD5 of a message's attributes as SQS computes it, hexadecimal; `attributes` is the JSON object of a Lambda event.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html
std::string md5_of_attributes(std::string_view attributes);

// Something like a UUID, made from a text.
std::string uuid_of(std::string_view text);
// MD5 in hexadecimal.
std::string md5_hex(std::string_view bytes);

// What names a shard of a stream, "shardId-000000000006".
std::string shard_name(std::uint32_t shard);

}  // namespace textlambda::sources
