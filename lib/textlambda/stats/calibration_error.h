// How far confidences are from what they promise.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace textlambda::stats {

struct ConfidenceOutcome {
  float confidence = 0;  // of the predicted label
  bool correct = false;
};

// Expected calibration error: predictions sorted by confidence are cut into `bins` bins of equal mass (sizes differ by
// one at most; equal confidences stay in the order of "correct" so that the order of the input cannot matter), and the
// distances between mean confidence and accuracy are averaged, weighted by size. Equal-mass bins after Nixon et al.,
// "Measuring calibration in deep learning", CVPR workshops 2019. 0 for no predictions.
double expected_calibration_error(const std::vector<ConfidenceOutcome>& outcomes, std::size_t bins = 15);

// The same with bins of equal width, (0, 1/bins], (1/bins, 2/bins] and so on: the figure that most papers give (Guo and
// others, "On calibration of modern neural networks", ICML 2017). Where most confidences are near 1 nearly all
// predictions share one bin, in which over- and underconfidence cancel: it is the smaller of the two as a rule.
double equal_width_calibration_error(const std::vector<ConfidenceOutcome>& outcomes, std::size_t bins = 15);

// The one with bins of equal mass, for predictions sorted once and weighed as often as a bootstrap asks. Immutable,
// thread-safe; std::domain_error for 2^31 predictions or more, or no bins.
class CalibrationError {
 public:
  explicit CalibrationError(std::span<const ConfidenceOutcome> outcomes, std::size_t bins = 15);

  // Each prediction once.
  double value() const;
  // Prediction i counts[i] times, as so many predictions.
  double value(std::span<const std::uint32_t> counts) const;

 private:
  template <typename Count>
  double measure(std::uint64_t total, const Count& count) const;

  struct Entry {
    double distance;  // confidence − [is correct]
    std::uint32_t prediction;
  };
  std::vector<Entry> order_;  // by rising confidence
  std::size_t bins_;
};

}  // namespace textlambda::stats
