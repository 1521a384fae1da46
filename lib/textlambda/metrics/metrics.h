// Metrics of a classifier on labelled examples: an accumulator fed in the corpus's order, then figures. Sums are taken
// in that order in double precision, so they do not depend on threads. Definitions agree with scikit-learn's of the
// same name where it has one (with zero_division=0), but for log-loss: the logarithm is taken from the logits, so it is
// finite without clipping, where scikit-learn clips the probability (at 2.2e-16 in double precision). Where an average
// over labels leaves some out, it says which. NaN is a figure that is not defined or was not measured.
// An accumulator belongs to one thread; Metrics are plain values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "textlambda/metrics/confusion_matrix.h"
#include "textlambda/metrics/label_averages.h"
#include "textlambda/stats/calibration_error.h"
#include "textlambda/stats/interval.h"

namespace textlambda::metrics {

// One example, judged.
struct Outcome {
  // Index of the true label among the model's, or kUnknownLabel + index among the unknown ones met so far.
  std::uint32_t truth = 0;
  std::uint32_t predicted = 0;
  float confidence = 0;         // probability of the predicted label
  double log_p_truth = 0;       // ln of the probability of the true label; meaningless where that is unknown
  double squared_distance = 0;  // Σ over labels of (probability − [is true])²: the Brier score's term
  // Labels that the model prefers to the true one (of two that are as likely it prefers the earlier); the number of its
  // labels where it does not know the true one.
  std::uint32_t rank = 0;
  bool abstained = false;  // the confidence is below the model's abstain threshold: judge() leaves it to the caller
};

inline constexpr std::uint32_t kUnknownLabel = 0x80000000U;

// The outcome of a prediction from its calibrated logits, one a label.
Outcome judge(std::span<const float> logits, std::uint32_t truth);

// ln of each label's probability, from the calibrated logits: what rankings are made by. In single precision it tells
// apart probabilities near 0 and near 1 that would themselves be rounded to the same number. As many of both. With two
// labels the one follows from the other: ln(1 − p) = ln(−expm1(ln p)).
void log_probabilities(std::span<const float> logits, std::span<float> result);

inline constexpr double kNotMeasured = std::numeric_limits<double>::quiet_NaN();

// A label's counts, and with them its precision, recall and F1.
struct LabelMetrics : LabelCounts {
  std::string label;
  bool known = true;  // false: the model does not know it
  // This label against the rest, by its probability; over all examples, those with unknown labels among the rest. NaN
  // where stats::RankingQuality is, for an unknown label, and where rankings were not measured.
  double auroc = kNotMeasured;
  double average_precision = kNotMeasured;
};

// The labels are the model's and the unknown ones that examples have: those examples count as wrong.
struct Metrics : LabelAverages {
  stats::Interval accuracy_interval;  // Wilson, 95 %
  // All four are the accuracy. The micro-averages are from the sums over all labels of correct, predicted and support,
  // and an example has one label and is given one.
  double weighted_recall = 0;
  double micro_precision = 0;
  double micro_recall = 0;
  double micro_f1 = 0;
  // Over the examples whose label the model knows; NaN where there are none.
  double log_loss = 0;         // natural logarithm, calibrated probabilities
  double brier = 0;            // 0 … 2
  double ece = 0;              // expected calibration error over all examples, 15 bins of equal mass
  double ece_equal_width = 0;  // the same with 15 bins of equal width: beside it, no metric of the gate
  // Means of the labels' figures, over those that have them; NaN where rankings were not measured.
  double macro_auroc = kNotMeasured;
  double macro_average_precision = kNotMeasured;
  // [k − 1]: the share of examples whose label is among the k that the model prefers, for k up to the number of its
  // labels and to kMostTop. [0] is the accuracy.
  std::vector<double> top_k_accuracy;
  // At the model's abstain threshold (R. El-Yaniv and Y. Wiener, "On the foundations of noise-free selective
  // classification", JMLR 11, 2010).
  std::uint64_t abstained = 0;
  double coverage = 0;               // the share of examples that are answered
  double risk = kNotMeasured;        // the share of wrong ones among the answered; NaN where none is
  std::vector<LabelMetrics> labels;  // the model's in its order, then unknown ones sorted by name
  ConfusionMatrix confusion;         // rows × columns = labels × the model's labels, as they stand in `labels`
};

inline constexpr std::size_t kMostTop = 10;
// Rankings need each example's probability of each label: 4 bytes apiece, 128 MiB at most. A test set with more is
// measured without them.
inline constexpr std::size_t kMostLogProbabilities = std::size_t{1} << 25;

class MetricsAccumulator {
 public:
  // `labels`: the model's, in its order, whatever that is; no two alike.
  explicit MetricsAccumulator(std::vector<std::string> labels);

  // So many examples will bring log-probabilities: takes the memory for them at once, without what growing would take.
  void reserve_rankings(std::size_t examples);
  // The truth of an example by name: a model's label, or kUnknownLabel + a number for one it does not know.
  std::uint32_t truth_of(std::string_view label);
  // `log_probabilities`: one a label of the model. Rankings are measured if every example brings them and they are no
  // more than kMostLogProbabilities in all.
  void add(const Outcome& outcome, std::span<const float> log_probabilities = {});
  Metrics finish() const;

 private:
  // `unknown_rows`: of each unknown label, the row of the matrix.
  ConfusionMatrix confusion(const std::vector<std::uint32_t>& unknown_rows) const;
  void measure_rankings(Metrics& metrics) const;

  std::vector<std::string> labels_;
  std::vector<std::string> unknown_;
  std::map<std::string, std::uint32_t, std::less<>> truths_;  // of both; a wrong label column makes many unknown ones
  std::unordered_map<std::uint64_t, std::uint64_t> cells_;    // examples by truth · 2³² + prediction
  std::vector<stats::ConfidenceOutcome> confidences_;
  std::vector<std::uint32_t> example_truths_;  // and log_probabilities_: of the examples, while there is hope for all
  std::vector<float> log_probabilities_;
  bool rankings_ = true;
  std::vector<std::uint64_t> ranks_;  // examples by rank, below kMostTop
  std::uint64_t abstained_ = 0;
  std::uint64_t correct_answers_ = 0;  // among those not abstained
  double log_loss_ = 0;
  double brier_ = 0;
};

}  // namespace textlambda::metrics
