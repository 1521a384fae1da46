#include "textlambda/sources/partition.h"

#include <string>

#include "textlambda/encoding/md5.h"

namespace textlambda::sources {

std::uint32_t kinesis_shard(std::string_view partition_key, std::uint32_t shards) {
  // The upper 32 bits tell, but for keys closer to a border than one in four thousand million.
  const std::string digest = encoding::md5(partition_key);
  std::uint64_t upper = 0;
  for (std::size_t i = 0; i < 4; ++i) upper = upper << 8 | static_cast<unsigned char>(digest[i]);
  return static_cast<std::uint32_t>(upper * shards >> 32);
}

std::int32_t murmur2(std::string_view bytes) {
  constexpr std::uint32_t kSeed = 0x9747b28c;
  constexpr std::uint32_t kMultiplier = 0x5bd1e995;
  const auto byte = [&](std::size_t i) { return std::uint32_t{static_cast<unsigned char>(bytes[i])}; };
  std::uint32_t hash = kSeed ^ static_cast<std::uint32_t>(bytes.size());
  std::size_t i = 0;
  for (; i + 4 <= bytes.size(); i += 4) {
    std::uint32_t k = byte(i) | byte(i + 1) << 8 | byte(i + 2) << 16 | byte(i + 3) << 24;
    k *= kMultiplier;
    k ^= k >> 24;
    k *= kMultiplier;
    hash *= kMultiplier;
    hash ^= k;
  }
  const std::size_t rest = bytes.size() - i;
  if (rest > 2) hash ^= byte(i + 2) << 16;
  if (rest > 1) hash ^= byte(i + 1) << 8;
  if (rest > 0) {
    hash ^= byte(i);
    hash *= kMultiplier;
  }
  hash ^= hash >> 13;
  hash *= kMultiplier;
  hash ^= hash >> 15;
  return static_cast<std::int32_t>(hash);
}

std::uint32_t kafka_partition(std::string_view key, std::uint32_t partitions) {
  return (static_cast<std::uint32_t>(murmur2(key)) & 0x7fffffffU) % partitions;
}

}  // namespace textlambda::sources
