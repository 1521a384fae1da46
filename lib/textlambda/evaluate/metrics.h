// Metrics of a classifier on labelled examples: an accumulator fed in the corpus's order, then figures. Sums are taken
// in that order in double precision, so they do not depend on threads. Definitions agree with scikit-learn's of the
// same name where it has one (with zero_division=0), but for log-loss: the logarithm is taken from the logits, so it is
// finite without clipping, where scikit-learn clips the probability (at 2.2e-16 in double precision).
// An accumulator belongs to one thread; Metrics are plain values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "textlambda/stats/calibration_error.h"
#include "textlambda/stats/interval.h"

namespace textlambda::evaluate {

// One example, judged.
struct Outcome {
  // Index of the true label among the model's, or kUnknownLabel + index among the unknown ones met so far.
  std::uint32_t truth = 0;
  std::uint32_t predicted = 0;
  float confidence = 0;         // probability of the predicted label
  double log_p_truth = 0;       // ln of the probability of the true label; meaningless where that is unknown
  double squared_distance = 0;  // Σ over labels of (probability − [is true])²: the Brier score's term
};

inline constexpr std::uint32_t kUnknownLabel = 0x80000000U;

// The outcome of a prediction from its calibrated logits, one a label.
Outcome judge(std::span<const float> logits, std::uint32_t truth);

struct LabelMetrics {
  std::string label;
  bool known = true;            // false: the model does not know it
  std::uint64_t support = 0;    // examples that have it
  std::uint64_t predicted = 0;  // examples that were given it
  std::uint64_t correct = 0;
  double precision = 0;  // correct / predicted; 0 where never predicted
  double recall = 0;     // correct / support; 0 where no example has it
  double f1 = 0;         // 2·correct / (predicted + support); 0 where both are 0
};

struct Metrics {
  std::uint64_t n = 0;  // all examples; those with an unknown label count as wrong
  std::uint64_t correct = 0;
  double accuracy = 0;                // a fraction
  stats::Interval accuracy_interval;  // Wilson, 95 %
  double balanced_accuracy = 0;       // mean recall of the labels that examples have
  // Means over the labels that occur as truth or as prediction, unknown ones included.
  double macro_precision = 0;
  double macro_recall = 0;
  double macro_f1 = 0;
  double weighted_f1 = 0;  // weighted by support
  // Over the examples whose label the model knows; NaN where there are none.
  double log_loss = 0;               // natural logarithm, calibrated probabilities
  double brier = 0;                  // 0 … 2
  double ece = 0;                    // expected calibration error over all examples, 15 bins of equal mass
  std::vector<LabelMetrics> labels;  // the model's in its order, then unknown ones sorted by name
  // rows × columns = labels × the model's labels: truth × prediction, counts.
  std::vector<std::vector<std::uint64_t>> confusion;
};

class MetricsAccumulator {
 public:
  // `labels`: the model's, in its order, whatever that is; no two alike.
  explicit MetricsAccumulator(std::vector<std::string> labels);

  // The truth of an example by name: a model's label, or kUnknownLabel + a number for one it does not know.
  std::uint32_t truth_of(std::string_view label);
  void add(const Outcome& outcome);
  Metrics finish() const;

 private:
  std::vector<std::string> labels_;
  std::vector<std::string> unknown_;
  std::map<std::string, std::uint32_t, std::less<>> truths_;  // of both; a wrong label column makes many unknown ones
  std::vector<std::vector<std::uint64_t>> confusion_;
  std::vector<std::vector<std::uint64_t>> unknown_confusion_;
  std::vector<stats::ConfidenceOutcome> confidences_;
  double log_loss_ = 0;
  double brier_ = 0;
};

}  // namespace textlambda::evaluate
