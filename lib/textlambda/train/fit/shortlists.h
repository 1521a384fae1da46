// The labels a row could have, where labels are many: those that the prior, a naive Bayes classifier, finds likeliest.
// A fit then keeps a probability for these alone. The labels that nothing speaks for have next to none at the optimum
// too: with 32 of 500 labels a fit is as right as with all of them (docs/learning.md).
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "textlambda/train/fit/fit_rows.h"
#include "textlambda/train/fit/solver.h"
#include "textlambda/train/training_set.h"

namespace textlambda::train {

class Shortlists {
 public:
  static constexpr std::size_t kLength = 32;

  // `prior`: weights of a pattern. A row's own labels are always on its list, up to Shortlist::kMostListed of them.
  Shortlists(const TrainingSet& set, const FitRows& rows, const Weights& prior);

  Shortlist operator[](std::size_t row) const { return {&labels_[begin(row)], size(row)}; }
  std::size_t begin(std::size_t row) const { return row == 0 ? 0 : end_[row - 1]; }
  std::size_t size(std::size_t row) const { return end_[row] - begin(row); }
  std::size_t total() const { return labels_.size(); }

 private:
  std::vector<std::size_t> end_;       // a row
  std::vector<std::uint32_t> labels_;  // of a row rising
};

}  // namespace textlambda::train
