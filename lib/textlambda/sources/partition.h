// Which shard or partition a record is in, by its key. Pure functions.
#pragma once

#include <cstdint>
#include <string_view>

namespace textlambda::sources {

// Kinesis: the MD5 of the partition key as a number of 128 bits, among `shards` that share that range evenly.
// https://docs.aws.amazon.com/streams/latest/dev/key-concepts.html
std::uint32_t kinesis_shard(std::string_view partition_key, std::uint32_t shards);

// Kafka's own partitioner: murmur2 of the key without its sign, modulo the number of partitions.
// https://github.com/apache/kafka, Utils.murmur2 and BuiltInPartitioner
std::uint32_t kafka_partition(std::string_view key, std::uint32_t partitions);
std::int32_t murmur2(std::string_view bytes);

}  // namespace textlambda::sources
