// Precision, recall and F1 of labels and their averages, from counts alone: what a whole test set comes to, and every
// resample of it. Pure, thread-safe.
#pragma once

#include <cstdint>
#include <span>

namespace textlambda::metrics {

// part / whole; 0 of nothing.
double ratio(std::uint64_t part, std::uint64_t whole);

struct LabelCounts {
  std::uint64_t support = 0;    // examples that have it
  std::uint64_t predicted = 0;  // examples that were given it
  std::uint64_t correct = 0;

  bool occurs() const { return support + predicted > 0; }
  double precision() const;  // correct / predicted; 0 where never predicted
  double recall() const;     // correct / support; 0 where no example has it
  double f1() const;         // 2·correct / (predicted + support); 0 where both are 0
};

struct LabelAverages {
  std::uint64_t n = 0;  // examples: the supports together
  std::uint64_t correct = 0;
  double accuracy = 0;           // a fraction
  double balanced_accuracy = 0;  // mean recall of the labels that examples have
  // Means over the labels that occur, as truth or as prediction.
  double macro_precision = 0;
  double macro_recall = 0;
  double macro_f1 = 0;
  // Matthews' correlation coefficient for any number of labels, from -1 to 1 (J. Gorodkin, "Comparing two K-category
  // assignments by a K-category correlation coefficient", Computational Biology and Chemistry 28, 2004); 0 where truth
  // or predictions have only one label.
  double mcc = 0;
  // Means weighted by support. That of the recall is the accuracy.
  double weighted_precision = 0;
  double weighted_f1 = 0;
};

LabelAverages averages_of(std::span<const LabelCounts> labels);

// The mean of the figures that are defined (not NaN); NaN where none is.
class DefinedMean {
 public:
  void add(double figure);
  double value() const;

 private:
  double sum_ = 0;
  std::uint64_t count_ = 0;
};

}  // namespace textlambda::metrics
