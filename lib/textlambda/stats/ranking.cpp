#include "textlambda/stats/ranking.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>

namespace textlambda::stats {

Ranking::Ranking(std::span<const float> scores, std::span<const std::uint8_t> positive) : order_(scores.size()) {
  if (scores.size() != positive.size()) throw std::domain_error("scores and labels differ in number");
  if (scores.size() >= (std::size_t{1} << 30)) throw std::domain_error("too many scores");
  const auto score = [&](std::uint32_t i) {
    return std::isnan(scores[i]) ? -std::numeric_limits<float>::infinity() : scores[i];
  };
  std::iota(order_.begin(), order_.end(), std::uint32_t{0});
  std::sort(order_.begin(), order_.end(), [&](std::uint32_t a, std::uint32_t b) { return score(a) > score(b); });
  for (std::size_t at = 0; at < order_.size(); ++at) {
    const std::uint32_t i = order_[at];
    const bool last = at + 1 == order_.size() || score(order_[at + 1]) != score(i);
    order_[at] = i << 2 | (positive[i] != 0 ? 2U : 0U) | (last ? 1U : 0U);
  }
}

template <typename Count>
RankingQuality Ranking::measure(const Count& count) const {
  // Found so far, up to and including the current score; and up to the score before it.
  std::uint64_t found[2] = {0, 0};
  std::uint64_t before[2] = {0, 0};
  std::uint64_t twice_ordered = 0;  // pairs in the right order twice, ties once
  double precisions = 0;
  for (const std::uint32_t entry : order_) {
    found[entry >> 1 & 1U] += count(entry >> 2);
    if ((entry & 1U) == 0) continue;
    twice_ordered += (found[0] - before[0]) * (found[1] + before[1]);
    if (found[1] > before[1]) {
      precisions += static_cast<double>(found[1] - before[1]) * static_cast<double>(found[1]) /
                    static_cast<double>(found[0] + found[1]);
    }
    before[0] = found[0];
    before[1] = found[1];
  }
  constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();
  RankingQuality quality{kUndefined, kUndefined};
  if (found[1] == 0) return quality;
  quality.average_precision = precisions / static_cast<double>(found[1]);
  if (found[0] > 0) {
    quality.auroc =
        static_cast<double>(twice_ordered) / 2 / static_cast<double>(found[0]) / static_cast<double>(found[1]);
  }
  return quality;
}

RankingQuality Ranking::quality() const {
  return measure([](std::uint32_t) { return 1U; });
}

RankingQuality Ranking::quality(std::span<const std::uint32_t> counts) const {
  if (counts.size() != order_.size()) throw std::domain_error("counts and scores differ in number");
  return measure([&](std::uint32_t i) { return counts[i]; });
}

}  // namespace textlambda::stats
