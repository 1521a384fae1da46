// A confusion matrix by those of its cells that are not zero: there are at most as many as examples, whereas a matrix
// of 20,000 labels has 400 million cells. Plain values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace textlambda::metrics {

struct ConfusionCell {
  std::uint32_t truth = 0;
  std::uint32_t predicted = 0;
  std::uint64_t count = 0;  // examples, never 0

  bool correct() const { return truth == predicted; }
};

class ConfusionMatrix {
 public:
  ConfusionMatrix() = default;
  // `cells`: in any order, no two of one place, each within the rows (truths) and columns (predictions).
  ConfusionMatrix(std::size_t rows, std::size_t columns, std::vector<ConfusionCell> cells);

  std::size_t rows() const { return rows_; }
  std::size_t columns() const { return columns_; }
  // By truth, then by prediction.
  const std::vector<ConfusionCell>& cells() const { return cells_; }
  // In time logarithmic in the number of cells.
  std::uint64_t count(std::size_t truth, std::size_t predicted) const;
  // The cells off the diagonal: most examples first, of as many by truth, then by prediction.
  std::vector<ConfusionCell> largest_confusions() const;

 private:
  std::size_t rows_ = 0;
  std::size_t columns_ = 0;
  std::vector<ConfusionCell> cells_;
};

}  // namespace textlambda::metrics
