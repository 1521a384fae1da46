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

template <bool WithPrecision, typename Count>
RankingQuality Ranking::measure(const Count& count) const {
  std::uint64_t positives = 0, negatives = 0;  // up to and including the current score
  std::uint64_t higher_positives = 0, higher_negatives = 0;
  std::uint64_t twice_ordered = 0;  // pairs in the right order twice, ties once
  double precisions = 0;
  for (const std::uint32_t entry : order_) {
    const std::uint64_t weight = count(entry >> 2);
    const std::uint64_t positive = (entry & 2U) != 0 ? weight : 0;
    positives += positive;
    negatives += weight - positive;
    if ((entry & 1U) == 0) continue;
    twice_ordered += (negatives - higher_negatives) * (positives + higher_positives);
    if (WithPrecision && positives > higher_positives) {
      precisions += static_cast<double>(positives - higher_positives) * static_cast<double>(positives) /
                    static_cast<double>(positives + negatives);
    }
    higher_positives = positives;
    higher_negatives = negatives;
  }
  constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();
  RankingQuality quality{kUndefined, kUndefined};
  if (positives == 0) return quality;
  if (WithPrecision) quality.average_precision = precisions / static_cast<double>(positives);
  if (negatives > 0) {
    quality.auroc =
        static_cast<double>(twice_ordered) / 2 / static_cast<double>(negatives) / static_cast<double>(positives);
  }
  return quality;
}

RankingQuality Ranking::quality() const {
  return measure<true>([](std::uint32_t) { return 1U; });
}

RankingQuality Ranking::quality(std::span<const std::uint32_t> counts) const {
  if (counts.size() != order_.size()) throw std::domain_error("counts and scores differ in number");
  return measure<true>([&](std::uint32_t i) { return counts[i]; });
}

double Ranking::auroc(std::span<const std::uint32_t> counts) const {
  if (counts.size() != order_.size()) throw std::domain_error("counts and scores differ in number");
  return measure<false>([&](std::uint32_t i) { return counts[i]; }).auroc;
}

}  // namespace textlambda::stats
