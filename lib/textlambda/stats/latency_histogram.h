// Durations counted in buckets whose width is at most 1/128 of their value, so that percentiles of any number of calls
// take a fixed amount of memory (the idea of G. Tene's HdrHistogram). A plain value; not thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <memory>

namespace textlambda::stats {

class LatencyHistogram {
 public:
  void add(std::uint64_t nanoseconds);

  std::uint64_t count() const { return count_; }
  std::uint64_t max() const { return max_; }  // exact; nanoseconds

  // The smallest duration, in nanoseconds, that at least this share (0 … 1) of the calls did not exceed (nearest rank);
  // up to 1/128 too high, never above max(). 0 where nothing was added.
  std::uint64_t percentile(double share) const;

 private:
  static constexpr unsigned kBits = 7;  // 2^7 buckets for each power of two
  static constexpr std::size_t kBuckets = std::size_t{64 - kBits + 1} << kBits;
  using Buckets = std::array<std::uint64_t, kBuckets>;

  static std::size_t bucket(std::uint64_t nanoseconds);
  static std::uint64_t highest(std::size_t bucket);

  std::unique_ptr<Buckets> buckets_;  // once there is something in it
  std::uint64_t count_ = 0;
  std::uint64_t max_ = 0;
};

}  // namespace textlambda::stats
