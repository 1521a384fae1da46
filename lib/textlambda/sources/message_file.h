// Messages read from a file: a line a message, plain, gzip or Zstandard. Empty lines are nothing. A line is
//
// - text that is no JSON: what was sent, as it stands;
// - a JSON string: what it says;
// - a JSON object as the service has it: a record ("messageId" and "body"; "kinesis"; "dynamodb"; "topic" and "value"
//   with base64), or a whole event with its records;
// - a JSON object as people write it: {"body": …} for a queue, with "messageId", "group", "attributes" and
//   "messageAttributes" if need be; {"data": …, "partitionKey": …} for Kinesis; {"value": …, "key": …, "topic": …,
//   "partition": …} for Kafka. What is sent is a string, or JSON that is sent as such;
// - any other JSON: what was sent, as it stands; for DynamoDB the item as plain JSON, its "id" the key.
//
// Throws Error(input_output) that names file and line where a line begins like a JSON object and is none, or has a
// member of the wrong kind.
#pragma once

#include <cstdint>
#include <string>

#include "textlambda/sources/message.h"
#include "textlambda/sources/stream.h"

namespace textlambda::sources {

// Those without a messageId have one made from their place and body, unique among them. At least one.
Messages read_queue(const std::string& path);
// Of a file to which more may be appended: none, too.
Messages read_queue_so_far(const std::string& path);

// With sequence numbers; of Kafka with partitions and offsets, as `shards` partitions have them. At least one.
Messages read_stream(StreamKind kind, const std::string& path, std::uint32_t shards);

// Recorded events as textlambda-replay reads them, of a folder, a file or a glob. At least one.
Messages read_events(const std::string& path);

}  // namespace textlambda::sources
