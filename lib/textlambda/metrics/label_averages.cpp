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
  for (const LabelCounts& label : labels) {
    averages.n += label.support;
    averages.correct += label.correct;
    if (!label.occurs()) continue;
    present += 1;
    averages.macro_precision += label.precision();
    averages.macro_recall += label.recall();
    averages.macro_f1 += label.f1();
    if (label.support == 0) continue;
    with_support += 1;
    averages.balanced_accuracy += label.recall();
    averages.weighted_precision += label.precision() * static_cast<double>(label.support);
    averages.weighted_f1 += label.f1() * static_cast<double>(label.support);
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
