// A counter-based generator: the i-th number of a stream is a function of (seed, stream, i) alone, so the order in
// which threads ask does not matter. SplitMix64's finaliser (Steele, Lea, Flood, OOPSLA 2014) over a Weyl sequence.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace textlambda::train {

class CounterRandom {
 public:
  CounterRandom(std::uint64_t seed, std::uint64_t stream) : key_(mix(seed * kWeyl + mix(stream + kWeyl))) {}

  std::uint64_t operator()(std::uint64_t counter) const { return mix(key_ + counter * kWeyl); }

  // In [0, bound), by the multiply-shift method: bias below 2^-32 for the sizes met here.
  std::uint64_t below(std::uint64_t counter, std::uint64_t bound) const {
    return static_cast<std::uint64_t>((static_cast<Wide>((*this)(counter)) * bound) >> 64);
  }

 private:
  __extension__ using Wide = unsigned __int128;
  static constexpr std::uint64_t kWeyl = 0x9E3779B97F4A7C15U;

  static constexpr std::uint64_t mix(std::uint64_t x) {
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9U;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBU;
    return x ^ (x >> 31);
  }

  std::uint64_t key_;
};

// Fisher–Yates.
template <typename T>
void shuffle(std::vector<T>& items, const CounterRandom& random) {
  for (std::size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[random.below(i, i)]);
}

}  // namespace textlambda::train
