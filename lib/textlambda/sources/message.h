// What a source hands to functions: a message of a queue, a record of a stream, an event. Plain values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace textlambda::sources {

// A message's place among those of its source, from 0.
using Item = std::uint32_t;

struct Message {
  // What answers call it: a messageId, a sequence number, "orders-0:15" of Kafka; of an event any name. Unique.
  std::string id;
  // The MessageGroupId of a queue, the key that decides a record's shard or partition; empty: none.
  std::string key;
  // A queue: the body. Kinesis and Kafka: the data, as bytes. DynamoDB: the member "dynamodb" of the record, JSON
  // without its SequenceNumber. An event: the whole of it, JSON.
  std::string body;
  // JSON beside the body, as it came; empty: none. A queue: messageAttributes, an object. Kafka: headers, an array.
  // DynamoDB: eventName, a string.
  std::string attributes;
  std::string topic = {};                       // of Kafka
  std::optional<std::uint32_t> partition = {};  // of Kafka, where it is given and not decided by the key
  std::int64_t offset = 0;                      // of Kafka, in its partition
  std::optional<std::int64_t> time_ms = {};     // since 1970, where it is known when it was sent
};

using Messages = std::vector<Message>;

}  // namespace textlambda::sources
