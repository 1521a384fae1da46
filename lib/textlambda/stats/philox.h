// Philox 4×32-10, a counter-based random generator: J. K. Salmon, M. A. Moraes, R. O. Dror and D. E. Shaw, "Parallel
// random numbers: as easy as 1, 2, 3", SC '11. A block of four numbers is a pure function of a key and a counter, so
// any piece of a computation can have its own numbers whichever thread runs it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace textlambda::stats {

using PhiloxKey = std::array<std::uint32_t, 2>;
using PhiloxBlock = std::array<std::uint32_t, 4>;

constexpr PhiloxBlock philox(PhiloxBlock counter, PhiloxKey key) {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t left = std::uint64_t{0xD2511F53} * counter[0];
    const std::uint64_t right = std::uint64_t{0xCD9E8D57} * counter[2];
    counter = {static_cast<std::uint32_t>(right >> 32) ^ counter[1] ^ key[0], static_cast<std::uint32_t>(right),
               static_cast<std::uint32_t>(left >> 32) ^ counter[3] ^ key[1], static_cast<std::uint32_t>(left)};
    key = {key[0] + 0x9E3779B9, key[1] + 0xBB67AE85};
  }
  return counter;
}

// The numbers of one stream in order: the blocks of counters (0, stream), (1, stream) …
class PhiloxStream {
 public:
  using result_type = std::uint32_t;

  PhiloxStream(std::uint64_t key, std::uint64_t stream)
      : key_{static_cast<std::uint32_t>(key), static_cast<std::uint32_t>(key >> 32)}, stream_(stream) {}

  static constexpr result_type min() { return 0; }
  static constexpr result_type max() { return 0xFFFFFFFFU; }

  result_type operator()() {
    if (used_ == kBuffered) refill();
    return buffer_[used_++];
  }

  // An index in [0, bound), bound > 0, each exactly as likely (D. Lemire, "Fast random integer generation in an
  // interval", ACM TOMACS 29, 2019).
  result_type below(std::uint32_t bound) {
    std::uint64_t product = std::uint64_t{(*this)()} * bound;
    if (static_cast<std::uint32_t>(product) < bound) {
      const std::uint32_t rejected = (0U - bound) % bound;
      while (static_cast<std::uint32_t>(product) < rejected) product = std::uint64_t{(*this)()} * bound;
    }
    return static_cast<std::uint32_t>(product >> 32);
  }

 private:
  static constexpr std::size_t kBuffered = 256;

  void refill();

  PhiloxKey key_;
  std::uint64_t stream_;
  std::uint64_t block_ = 0;
  std::size_t used_ = kBuffered;
  std::array<std::uint32_t, kBuffered> buffer_{};
};

}  // namespace textlambda::stats
