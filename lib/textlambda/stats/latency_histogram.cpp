#include "textlambda/stats/latency_histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace textlambda::stats {

// Values below 2^(kBits + 1) have a bucket each; above, kBits bits behind the leading one tell the bucket.
std::size_t LatencyHistogram::bucket(std::uint64_t nanoseconds) {
  const unsigned width = static_cast<unsigned>(std::bit_width(nanoseconds));
  if (width <= kBits + 1) return static_cast<std::size_t>(nanoseconds);
  const unsigned shift = width - kBits - 1;
  return (static_cast<std::size_t>(shift) << kBits) + static_cast<std::size_t>(nanoseconds >> shift);
}

std::uint64_t LatencyHistogram::highest(std::size_t bucket) {
  if (bucket < (std::size_t{2} << kBits)) return bucket;
  const std::size_t shift = (bucket >> kBits) - 1;
  const std::uint64_t leading = bucket - (shift << kBits);
  return ((leading + 1) << shift) - 1;
}

void LatencyHistogram::add(std::uint64_t nanoseconds) {
  if (!buckets_) buckets_ = std::make_unique<Buckets>();
  ++(*buckets_)[bucket(nanoseconds)];
  ++count_;
  max_ = std::max(max_, nanoseconds);
}

std::uint64_t LatencyHistogram::percentile(double share) const {
  if (count_ == 0) return 0;
  const double wanted = std::ceil(std::clamp(share, 0.0, 1.0) * static_cast<double>(count_));
  const auto rank = std::clamp<std::uint64_t>(static_cast<std::uint64_t>(wanted), 1, count_);
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < kBuckets; ++i) {
    seen += (*buckets_)[i];
    if (seen >= rank) return std::min(highest(i), max_);
  }
  return max_;
}

}  // namespace textlambda::stats
