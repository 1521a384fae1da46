#include "textlambda/evaluate/metrics.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

namespace textlambda::evaluate {
namespace {

double ratio(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
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
  }
  return outcome;
}

MetricsAccumulator::MetricsAccumulator(std::vector<std::string> labels)
    : labels_(std::move(labels)), confusion_(labels_.size(), std::vector<std::uint64_t>(labels_.size(), 0)) {
  for (std::size_t i = 0; i < labels_.size(); ++i) truths_.emplace(labels_[i], static_cast<std::uint32_t>(i));
}

std::uint32_t MetricsAccumulator::truth_of(std::string_view label) {
  const auto met = truths_.find(label);
  if (met != truths_.end()) return met->second;
  const auto truth = static_cast<std::uint32_t>(kUnknownLabel + unknown_.size());
  unknown_.emplace_back(label);
  unknown_confusion_.emplace_back(labels_.size(), 0);
  truths_.emplace(label, truth);
  return truth;
}

void MetricsAccumulator::add(const Outcome& outcome) {
  confidences_.push_back({outcome.confidence, outcome.truth == outcome.predicted});
  if (outcome.truth >= kUnknownLabel) {
    ++unknown_confusion_[outcome.truth - kUnknownLabel][outcome.predicted];
    return;
  }
  ++confusion_[outcome.truth][outcome.predicted];
  log_loss_ -= outcome.log_p_truth;
  brier_ += outcome.squared_distance;
}

Metrics MetricsAccumulator::finish() const {
  Metrics metrics;
  metrics.n = confidences_.size();
  metrics.confusion = confusion_;
  std::vector<std::size_t> order(unknown_.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return unknown_[a] < unknown_[b]; });
  for (const std::size_t i : order) metrics.confusion.push_back(unknown_confusion_[i]);

  std::uint64_t known_examples = 0;
  std::size_t present = 0;
  std::size_t with_support = 0;
  for (std::size_t row = 0; row < metrics.confusion.size(); ++row) {
    LabelMetrics label;
    label.known = row < labels_.size();
    label.label = label.known ? labels_[row] : unknown_[order[row - labels_.size()]];
    label.support = std::accumulate(metrics.confusion[row].begin(), metrics.confusion[row].end(), std::uint64_t{0});
    if (label.known) {
      known_examples += label.support;
      label.correct = metrics.confusion[row][row];
      for (const auto& counts : metrics.confusion) label.predicted += counts[row];
    }
    label.precision = ratio(label.correct, label.predicted);
    label.recall = ratio(label.correct, label.support);
    label.f1 = ratio(2 * label.correct, label.predicted + label.support);
    metrics.correct += label.correct;
    if (label.support + label.predicted > 0) {
      ++present;
      metrics.macro_precision += label.precision;
      metrics.macro_recall += label.recall;
      metrics.macro_f1 += label.f1;
    }
    if (label.support > 0) {
      ++with_support;
      metrics.balanced_accuracy += label.recall;
      metrics.weighted_f1 += label.f1 * static_cast<double>(label.support);
    }
    metrics.labels.push_back(std::move(label));
  }
  if (present > 0) {
    metrics.macro_precision /= static_cast<double>(present);
    metrics.macro_recall /= static_cast<double>(present);
    metrics.macro_f1 /= static_cast<double>(present);
  }
  if (with_support > 0) metrics.balanced_accuracy /= static_cast<double>(with_support);
  if (metrics.n > 0) metrics.weighted_f1 /= static_cast<double>(metrics.n);
  metrics.accuracy = ratio(metrics.correct, metrics.n);
  metrics.accuracy_interval = stats::wilson_interval(metrics.correct, metrics.n);
  const double nothing = std::numeric_limits<double>::quiet_NaN();
  metrics.log_loss = known_examples == 0 ? nothing : log_loss_ / static_cast<double>(known_examples);
  metrics.brier = known_examples == 0 ? nothing : brier_ / static_cast<double>(known_examples);
  metrics.ece = stats::expected_calibration_error(confidences_, 15);
  return metrics;
}

}  // namespace textlambda::evaluate
