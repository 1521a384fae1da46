#include "textlambda/stats/calibration_error.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>

namespace textlambda::stats {

CalibrationError::CalibrationError(std::span<const ConfidenceOutcome> outcomes, std::size_t bins) : bins_(bins) {
  if (outcomes.size() >= (std::size_t{1} << 31)) throw std::domain_error("too many predictions");
  if (bins == 0) throw std::domain_error("no bins");
  std::vector<std::uint32_t> order(outcomes.size());
  std::iota(order.begin(), order.end(), std::uint32_t{0});
  std::sort(order.begin(), order.end(), [&](std::uint32_t i, std::uint32_t j) {
    const ConfidenceOutcome& a = outcomes[i];
    const ConfidenceOutcome& b = outcomes[j];
    return a.confidence != b.confidence ? a.confidence < b.confidence : a.correct < b.correct;
  });
  order_.reserve(order.size());
  for (const std::uint32_t i : order) {
    order_.push_back({static_cast<double>(outcomes[i].confidence) - (outcomes[i].correct ? 1 : 0), i});
  }
}

template <typename Count>
double CalibrationError::measure(std::uint64_t total, const Count& count) const {
  if (total == 0) return 0;
  double error = 0;
  double excess = 0;  // Σ distance in the bin so far
  std::uint64_t taken = 0;
  std::size_t bin = 1;
  std::uint64_t bin_end = total / bins_;
  for (const Entry& entry : order_) {
    std::uint64_t left = count(entry.prediction);
    // A prediction that counts several times may lie in several bins.
    while (taken + left >= bin_end && bin <= bins_) {
      excess += static_cast<double>(bin_end - taken) * entry.distance;
      left -= bin_end - taken;
      taken = bin_end;
      error += std::abs(excess);
      excess = 0;
      ++bin;
      bin_end = total * bin / bins_;
    }
    excess += static_cast<double>(static_cast<std::int64_t>(left)) * entry.distance;
    taken += left;
  }
  return error / static_cast<double>(total);
}

double CalibrationError::value() const {
  return measure(order_.size(), [](std::uint32_t) { return 1U; });
}

double CalibrationError::value(std::span<const std::uint32_t> counts) const {
  if (counts.size() != order_.size()) throw std::domain_error("counts and predictions differ in number");
  return measure(std::accumulate(counts.begin(), counts.end(), std::uint64_t{0}),
                 [&](std::uint32_t prediction) { return counts[prediction]; });
}

double expected_calibration_error(const std::vector<ConfidenceOutcome>& outcomes, std::size_t bins) {
  return CalibrationError(outcomes, bins).value();
}

double equal_width_calibration_error(const std::vector<ConfidenceOutcome>& outcomes, std::size_t bins) {
  if (bins == 0) throw std::domain_error("no bins");
  if (outcomes.empty()) return 0;
  std::vector<double> excess(bins, 0);  // Σ confidence − [is correct]
  for (const ConfidenceOutcome& outcome : outcomes) {
    const double confidence = static_cast<double>(outcome.confidence);
    const double place = std::clamp(std::ceil(confidence * static_cast<double>(bins)), 1.0, static_cast<double>(bins));
    excess[static_cast<std::size_t>(place) - 1] += confidence - (outcome.correct ? 1 : 0);
  }
  double error = 0;
  for (const double bin : excess) error += std::abs(bin);
  return error / static_cast<double>(outcomes.size());
}

}  // namespace textlambda::stats
