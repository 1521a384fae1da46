#include "textlambda/model/feature_index.h"

#include <algorithm>

namespace textlambda::model {
namespace {

constexpr unsigned kMinIndexBits = 4;  // one group
constexpr unsigned kMaxIndexBits = 28;

// False where some group of buckets holds more features than `ends` can count.
bool fill(std::span<const std::uint32_t> keys, unsigned key_bits, FeatureIndexArrays& arrays) {
  const unsigned remainder_bits = key_bits - arrays.index_bits;
  const std::size_t buckets = std::size_t{1} << arrays.index_bits;
  arrays.ends.assign(buckets, 0);
  arrays.bases.assign(buckets / kBucketsPerGroup, 0);
  std::size_t at = 0;
  for (std::size_t bucket = 0; bucket < buckets; ++bucket) {
    if (bucket % kBucketsPerGroup == 0) arrays.bases[bucket / kBucketsPerGroup] = static_cast<std::uint32_t>(at);
    while (at < keys.size() && (keys[at] >> remainder_bits) == bucket) ++at;
    const std::size_t within = at - arrays.bases[bucket / kBucketsPerGroup];
    if (within > UINT8_MAX) return false;
    arrays.ends[bucket] = static_cast<std::uint8_t>(within);
  }
  return true;
}

}  // namespace

FeatureIndexArrays build_feature_index(std::span<const std::uint32_t> keys, unsigned key_bits) {
  FeatureIndexArrays arrays;
  // The fewest buckets that 8-bit remainders allow; more only where one group would hold too many features. With a
  // bucket a key a group holds at most 16.
  const unsigned fewest = std::max(kMinIndexBits, key_bits > kMaxRemainderBits ? key_bits - kMaxRemainderBits : 0);
  for (arrays.index_bits = fewest; !fill(keys, key_bits, arrays); ++arrays.index_bits) {
  }
  const std::uint32_t mask = (std::uint32_t{1} << (key_bits - arrays.index_bits)) - 1;
  arrays.remainders.reserve(keys.size());
  for (const std::uint32_t key : keys) arrays.remainders.push_back(static_cast<std::uint8_t>(key & mask));
  return arrays;
}

const char* FeatureIndex::find_flaw(unsigned key_bits, unsigned index_bits, std::size_t feature_count,
                                    std::span<const std::uint32_t> bases, std::span<const std::uint8_t> ends,
                                    std::span<const std::uint8_t> remainders) {
  if (index_bits < kMinIndexBits || index_bits > kMaxIndexBits || key_bits > 32 || key_bits < index_bits ||
      key_bits - index_bits > kMaxRemainderBits) {
    return "index bits out of range";
  }
  const std::size_t buckets = std::size_t{1} << index_bits;
  if (ends.size() != buckets || bases.size() != buckets / kBucketsPerGroup) return "index of the wrong size";
  if (remainders.size() != feature_count) return "remainders of the wrong size";
  std::uint64_t expected = 0;
  for (std::size_t group = 0; group < bases.size(); ++group) {
    if (bases[group] != expected) return "index groups do not follow each other";
    const std::uint8_t* group_ends = ends.data() + group * kBucketsPerGroup;
    // Rising ends: checked without branches, this loop sees every byte of the index at load.
    unsigned falls = 0;
    for (std::size_t bucket = 1; bucket < kBucketsPerGroup; ++bucket) {
      falls |= static_cast<unsigned>(group_ends[bucket] < group_ends[bucket - 1]);
    }
    if (falls != 0) return "index buckets overlap";
    expected += group_ends[kBucketsPerGroup - 1];
  }
  return expected == feature_count ? nullptr : "index does not cover the features";
}

}  // namespace textlambda::model
