// The hash of an n-gram: 64 bits, multiply–xor over code points, the same on every machine. Part of the model file's
// format (docs/model-format.md); tests/features pins literal values.
#pragma once

#include <cstdint>

namespace textlambda::features {

inline constexpr std::uint64_t kMultiplier = 0x9FB21C651E98DF25U;
inline constexpr std::uint64_t kWordSeed = 0x9E3779B97F4A7C15U;
inline constexpr std::uint64_t kNegatedSeed = 0xD6E8FEB86659FD93U;
inline constexpr std::uint64_t kCharacterSeed = 0xC2B2AE3D27D4EB4FU;

constexpr std::uint64_t hash_step(std::uint64_t hash, std::uint64_t value) {
  hash = (hash ^ value) * kMultiplier;
  return hash ^ (hash >> 32);
}

// Spreads every bit over the upper ones, which are the ones kept.
constexpr std::uint64_t hash_finish(std::uint64_t hash) {
  hash ^= hash >> 29;
  hash *= 0xBF58476D1CE4E5B9U;
  return hash ^ (hash >> 32);
}

constexpr std::uint64_t hash_token(const char32_t* begin, const char32_t* end) {
  std::uint64_t hash = kWordSeed;
  for (; begin != end; ++begin) hash = hash_step(hash, *begin);
  return hash;
}

}  // namespace textlambda::features
