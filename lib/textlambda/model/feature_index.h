// Which hashes are features, and their numbers: a compact static set in the manner of a quotient filter (Bender et al.,
// "Don't thrash: how to cache your hash on flash", VLDB 2012). A key of key_bits bits is split: the upper index_bits
// name a bucket, the lower ones, at most 8, are stored as the key's remainder. Features are numbered by rising key, so
// a bucket is a run of them; `ends` gives each run's end within its group of buckets, `bases` each group's first
// number. About 2 bytes a feature, two cache lines a look-up. A view: borrows its arrays.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "textlambda/features/n_grams.h"
#include "textlambda/features/options.h"

namespace textlambda::model {

inline constexpr std::uint32_t kBucketsPerGroup = 16;
inline constexpr unsigned kMaxRemainderBits = 8;

class FeatureIndex {
 public:
  static constexpr std::uint32_t kNone = UINT32_MAX;

  FeatureIndex() = default;
  FeatureIndex(unsigned key_bits, unsigned index_bits, std::span<const std::uint32_t> bases,
               std::span<const std::uint8_t> ends, std::span<const std::uint8_t> remainders)
      : remainder_bits_(key_bits - index_bits),
        remainder_mask_((1U << remainder_bits_) - 1),
        bases_(bases.data()),
        ends_(ends.data()),
        remainders_(remainders.data()),
        size_(remainders.size()) {}

  // The number of a key (< 2^key_bits), or kNone. Hardly a branch to mispredict: keys come in no order at all, and a
  // run's eight first remainders are compared at once.
  std::uint32_t find(std::uint32_t key) const {
    const std::uint32_t bucket = key >> remainder_bits_;
    const std::uint32_t base = bases_[bucket / kBucketsPerGroup];
    const std::uint32_t within = bucket % kBucketsPerGroup == 0 ? 0 : 1;  // the group has a bucket before this one
    const std::uint32_t begin = base + (ends_[bucket - within] & (0 - within));
    const std::uint32_t end = base + ends_[bucket];
    const std::uint32_t wanted = key & remainder_mask_;
    if (std::size_t{begin} + kCompared > size_) return find_among(begin, end, wanted);
    const std::uint32_t equal = first_equal(remainders_ + begin, static_cast<std::uint8_t>(wanted));
    const std::uint32_t found = begin + equal < end ? begin + equal : kNone;
    return end - begin <= kCompared || equal < kCompared ? found : find_among(begin + kCompared, end, wanted);
  }

  // Asks for the memory that find(key) will read first.
  void prefetch(std::uint32_t key) const {
    const std::uint32_t bucket = key >> remainder_bits_;
    __builtin_prefetch(ends_ + bucket);
    __builtin_prefetch(bases_ + bucket / kBucketsPerGroup);
  }

  // Explains why the arrays are not those of a valid index over `feature_count` keys, or nullptr. After nullptr no
  // find() reads outside them.
  static const char* find_flaw(unsigned key_bits, unsigned index_bits, std::size_t feature_count,
                               std::span<const std::uint32_t> bases, std::span<const std::uint8_t> ends,
                               std::span<const std::uint8_t> remainders);

 private:
  static constexpr std::uint32_t kCompared = 8;

  // The first of eight bytes that is `wanted`, from 0; 8 where none is.
  static std::uint32_t first_equal(const std::uint8_t* bytes, std::uint8_t wanted) {
    constexpr std::uint64_t kOnes = 0x0101010101010101U;
    std::uint64_t word = 0;
    std::memcpy(&word, bytes, sizeof word);
    if constexpr (std::endian::native == std::endian::big) word = __builtin_bswap64(word);
    const std::uint64_t zeros = word ^ (wanted * kOnes);
    // Marks the zero bytes; a borrow may mark others above the first, never below it.
    const std::uint64_t marked = (zeros - kOnes) & ~zeros & (0x80 * kOnes);
    return static_cast<std::uint32_t>(std::countr_zero(marked)) / 8;
  }

  std::uint32_t find_among(std::uint32_t begin, std::uint32_t end, std::uint32_t wanted) const {
    for (std::uint32_t at = begin; at < end; ++at) {
      if (remainders_[at] == wanted) return at;
    }
    return kNone;
  }

  unsigned remainder_bits_ = 0;
  std::uint32_t remainder_mask_ = 0;
  const std::uint32_t* bases_ = nullptr;
  const std::uint8_t* ends_ = nullptr;
  const std::uint8_t* remainders_ = nullptr;
  std::size_t size_ = 0;
};

// The key of an n-gram: the upper hash_bits of its hash, behind its group where the options ask for n-grams of both.
inline unsigned key_bits(unsigned hash_bits, const features::FeatureOptions& options) {
  return hash_bits + (options.words.empty() || options.characters.empty() ? 0 : 1);
}
inline std::uint32_t feature_key(std::uint32_t hash, features::Group group, unsigned hash_bits,
                                 const features::FeatureOptions& options) {
  const bool both = key_bits(hash_bits, options) > hash_bits;
  return both && group == features::Group::characters ? hash | (std::uint32_t{1} << hash_bits) : hash;
}

// The arrays of an index, for writing.
struct FeatureIndexArrays {
  unsigned index_bits = 0;
  std::vector<std::uint32_t> bases;
  std::vector<std::uint8_t> ends;
  std::vector<std::uint8_t> remainders;
};

// `keys` rising, without repeats, each below 2^key_bits (key_bits 4 … 32).
FeatureIndexArrays build_feature_index(std::span<const std::uint32_t> keys, unsigned key_bits);

}  // namespace textlambda::model
