// How well a score puts positive examples before negative ones.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace textlambda::stats {

struct RankingQuality {
  // Area under the ROC curve: the probability that a positive example scores higher than a negative one, ties counting
  // half (J. A. Hanley and B. J. McNeil, "The meaning and use of the area under a receiver operating characteristic
  // (ROC) curve", Radiology 143, 1982). NaN without a positive or without a negative example.
  double auroc = 0;
  // Average precision: precision at each threshold that finds further positives, weighted by the recall it adds,
  // without interpolation; examples of the same score are found together. NaN without a positive example.
  double average_precision = 0;
};

// Examples in the order of their scores, sorted once and weighed as often as a bootstrap asks. Immutable, thread-safe.
class Ranking {
 public:
  // scores[i] and whether example i is positive (not 0); as many of both, fewer than 2^30 or std::domain_error. A score
  // that is NaN ranks with −∞.
  Ranking(std::span<const float> scores, std::span<const std::uint8_t> positive);

  // Each example once.
  RankingQuality quality() const;
  // Example i counts[i] times; as many as examples.
  RankingQuality quality(std::span<const std::uint32_t> counts) const;
  // Only the area, in less time.
  double auroc(std::span<const std::uint32_t> counts) const;

 private:
  template <bool WithPrecision, typename Count>
  RankingQuality measure(const Count& count) const;

  // Highest score first: example << 2 | is positive << 1 | is the last of its score.
  std::vector<std::uint32_t> order_;
};

}  // namespace textlambda::stats
