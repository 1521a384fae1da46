#include "textlambda/metrics/label_averages.h"

#include <cmath>
#include <limits>

namespace textlambda::metrics {

double ratio(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

double LabelCounts::precision() const { return ratio(correct, predicted); }
double LabelCounts::recall() const { return ratio(correct, support); }
double LabelCounts::f1() const { return ratio(2 * correct, predicted + support); }

LabelAverages averages_of(std::span<const LabelCounts> labels) {
  LabelAverages averages;
  double present = 0;
  double with_support = 0;
  double truth_squares = 0;
  double predicted_squares = 0;
  double by_chance = 0;
  for (const LabelCounts& label : labels) {
    averages.n += label.support;
    averages.correct += label.correct;
    const auto support = static_cast<double>(label.support);
    const auto predicted = static_cast<double>(label.predicted);
    truth_squares += support * support;
    predicted_squares += predicted * predicted;
    by_chance += support * predicted;
    if (!label.occurs()) continue;
    present += 1;
    averages.macro_precision += label.precision();
    averages.macro_recall += label.recall();
    averages.macro_f1 += label.f1();
    if (label.support == 0) continue;
    with_support += 1;
    averages.balanced_accuracy += label.recall();
    averages.weighted_precision += label.precision() * support;
    averages.weighted_f1 += label.f1() * support;
  }
  if (present > 0) {
    averages.macro_precision /= present;
    averages.macro_recall /= present;
    averages.macro_f1 /= present;
  }
  if (with_support > 0) averages.balanced_accuracy /= with_support;
  if (averages.n > 0) {
    averages.weighted_precision /= static_cast<double>(averages.n);
    averages.weighted_f1 /= static_cast<double>(averages.n);
  }
  const auto n = static_cast<double>(averages.n);
  const double spread = (n * n - truth_squares) * (n * n - predicted_squares);
  if (spread > 0) averages.mcc = (n * static_cast<double>(averages.correct) - by_chance) / std::sqrt(spread);
  averages.accuracy = ratio(averages.correct, averages.n);
  return averages;
}

void DefinedMean::add(double figure) {
  if (std::isnan(figure)) return;
  sum_ += figure;
  ++count_;
}

double DefinedMean::value() const {
  return count_ == 0 ? std::numeric_limits<double>::quiet_NaN() : sum_ / static_cast<double>(count_);
}

}  // namespace textlambda::metrics
