#include "textlambda/metrics/metrics.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "textlambda/stats/ranking.h"

namespace textlambda::metrics {
namespace {

// Of the rows of a confusion matrix, the first of which are the labels that are its columns.
std::vector<LabelCounts> counts_of(const ConfusionMatrix& confusion) {
  std::vector<LabelCounts> counts(confusion.rows());
  for (const ConfusionCell& cell : confusion.cells()) {
    counts[cell.truth].support += cell.count;
    counts[cell.predicted].predicted += cell.count;
    if (cell.correct()) counts[cell.truth].correct += cell.count;
  }
  return counts;
}

}  // namespace

Outcome judge(std::span<const float> logits, std::uint32_t truth) {
  const auto best = static_cast<std::size_t>(std::max_element(logits.begin(), logits.end()) - logits.begin());
  const double top = logits[best];
  double total = 0;
  double squares = 0;
  for (const float logit : logits) {
    const double weight = std::exp(logit - top);
    total += weight;
    squares += weight * weight;
  }
  Outcome outcome;
  outcome.truth = truth;
  outcome.predicted = static_cast<std::uint32_t>(best);
  outcome.confidence = static_cast<float>(1 / total);
  if (truth < kUnknownLabel) {
    outcome.log_p_truth = logits[truth] - top - std::log(total);
    // Σ p² − p_t² + (1 − p_t)²
    outcome.squared_distance = squares / (total * total) + 1 - 2 * std::exp(outcome.log_p_truth);
    for (std::size_t label = 0; label < logits.size(); ++label) {
      if (logits[label] > logits[truth] || (logits[label] == logits[truth] && label < truth)) ++outcome.rank;
    }
  } else {
    outcome.rank = static_cast<std::uint32_t>(logits.size());
  }
  return outcome;
}

void log_probabilities(std::span<const float> logits, std::span<float> result) {
  const auto best = static_cast<std::size_t>(std::max_element(logits.begin(), logits.end()) - logits.begin());
  const double top = logits[best];
  double others = 0;
  for (std::size_t label = 0; label < logits.size(); ++label) {
    if (label != best) others += std::exp(logits[label] - top);
  }
  // Without the best one's 1, so that its own logarithm keeps its digits.
  const double log_total = std::log1p(others);
  for (std::size_t label = 0; label < logits.size(); ++label) {
    result[label] = static_cast<float>(logits[label] - top - log_total);
  }
}

MetricsAccumulator::MetricsAccumulator(std::vector<std::string> labels)
    : labels_(std::move(labels)), ranks_(kMostTop, 0) {
  for (std::size_t i = 0; i < labels_.size(); ++i) truths_.emplace(labels_[i], static_cast<std::uint32_t>(i));
}

void MetricsAccumulator::reserve_rankings(std::size_t examples) {
  if (examples > kMostLogProbabilities / std::max<std::size_t>(labels_.size(), 1)) return;
  log_probabilities_.reserve(examples * labels_.size());
  example_truths_.reserve(examples);
}

std::uint32_t MetricsAccumulator::truth_of(std::string_view label) {
  const auto met = truths_.find(label);
  if (met != truths_.end()) return met->second;
  const auto truth = static_cast<std::uint32_t>(kUnknownLabel + unknown_.size());
  unknown_.emplace_back(label);
  truths_.emplace(label, truth);
  return truth;
}

void MetricsAccumulator::add(const Outcome& outcome, std::span<const float> log_probabilities) {
  const bool correct = outcome.truth == outcome.predicted;
  confidences_.push_back({outcome.confidence, correct});
  if (outcome.abstained) {
    ++abstained_;
  } else {
    correct_answers_ += correct ? 1 : 0;
  }
  if (outcome.rank < ranks_.size()) ++ranks_[outcome.rank];
  if (rankings_ && log_probabilities.size() == labels_.size() &&
      log_probabilities_.size() + log_probabilities.size() <= kMostLogProbabilities) {
    log_probabilities_.insert(log_probabilities_.end(), log_probabilities.begin(), log_probabilities.end());
    example_truths_.push_back(outcome.truth);
  } else if (rankings_) {
    rankings_ = false;
    std::vector<float>().swap(log_probabilities_);
    std::vector<std::uint32_t>().swap(example_truths_);
  }
  ++cells_[std::uint64_t{outcome.truth} << 32U | outcome.predicted];
  if (outcome.truth >= kUnknownLabel) return;
  log_loss_ -= outcome.log_p_truth;
  brier_ += outcome.squared_distance;
}

ConfusionMatrix MetricsAccumulator::confusion(const std::vector<std::uint32_t>& unknown_rows) const {
  std::vector<ConfusionCell> cells;
  cells.reserve(cells_.size());
  for (const auto& [place, count] : cells_) {
    const auto truth = static_cast<std::uint32_t>(place >> 32U);
    cells.push_back({truth < kUnknownLabel ? truth : unknown_rows[truth - kUnknownLabel],
                     static_cast<std::uint32_t>(place), count});
  }
  return {labels_.size() + unknown_.size(), labels_.size(), std::move(cells)};
}

Metrics MetricsAccumulator::finish() const {
  std::vector<std::size_t> order(unknown_.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return unknown_[a] < unknown_[b]; });
  std::vector<std::uint32_t> unknown_rows(unknown_.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    unknown_rows[order[i]] = static_cast<std::uint32_t>(labels_.size() + i);
  }

  Metrics metrics;
  metrics.confusion = confusion(unknown_rows);
  const std::vector<LabelCounts> counts = counts_of(metrics.confusion);
  static_cast<LabelAverages&>(metrics) = averages_of(counts);
  std::uint64_t known_examples = 0;
  for (std::size_t row = 0; row < counts.size(); ++row) {
    const bool known = row < labels_.size();
    if (known) known_examples += counts[row].support;
    metrics.labels.push_back({counts[row], known ? labels_[row] : unknown_[order[row - labels_.size()]], known});
  }
  metrics.weighted_recall = metrics.accuracy;
  metrics.micro_precision = metrics.micro_recall = metrics.micro_f1 = metrics.accuracy;
  metrics.accuracy_interval = stats::wilson_interval(metrics.correct, metrics.n);
  metrics.log_loss = known_examples == 0 ? kNotMeasured : log_loss_ / static_cast<double>(known_examples);
  metrics.brier = known_examples == 0 ? kNotMeasured : brier_ / static_cast<double>(known_examples);
  metrics.ece = stats::expected_calibration_error(confidences_, 15);
  metrics.ece_equal_width = stats::equal_width_calibration_error(confidences_, 15);
  std::uint64_t among_top = 0;
  for (std::size_t k = 0; k < std::min(ranks_.size(), labels_.size()); ++k) {
    among_top += ranks_[k];
    metrics.top_k_accuracy.push_back(ratio(among_top, metrics.n));
  }
  metrics.abstained = abstained_;
  const std::uint64_t answered = metrics.n - abstained_;
  metrics.coverage = ratio(answered, metrics.n);
  if (answered > 0) metrics.risk = ratio(answered - correct_answers_, answered);
  if (rankings_ && metrics.n > 0) measure_rankings(metrics);
  return metrics;
}

void MetricsAccumulator::measure_rankings(Metrics& metrics) const {
  DefinedMean auroc;
  DefinedMean average_precision;
  std::vector<float> scores(example_truths_.size());
  std::vector<std::uint8_t> positive(example_truths_.size());
  for (std::size_t k = 0; k < labels_.size(); ++k) {
    for (std::size_t i = 0; i < scores.size(); ++i) {
      scores[i] = log_probabilities_[i * labels_.size() + k];
      positive[i] = example_truths_[i] == k ? 1 : 0;
    }
    const stats::RankingQuality quality = stats::Ranking(scores, positive).quality();
    metrics.labels[k].auroc = quality.auroc;
    metrics.labels[k].average_precision = quality.average_precision;
    auroc.add(quality.auroc);
    average_precision.add(quality.average_precision);
  }
  metrics.macro_auroc = auroc.value();
  metrics.macro_average_precision = average_precision.value();
}

}  // namespace textlambda::metrics
