// Dense matrices of single precision, a row a text or a word: rows are what threads share out.
#pragma once

#include <cstddef>

#include <Eigen/Core>

#include "textlambda/features/sparse_row.h"

namespace textlambda::topics {

using Rows = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

// Rows that a thread takes at a time. Sums over rows are taken within such a range and then over the ranges in their
// order, so that they do not depend on the number of threads; a range is short enough for sums in single precision.
inline constexpr std::size_t kRowsPerRange = 256;

constexpr Eigen::Index at(std::size_t i) { return static_cast<Eigen::Index>(i); }

// The right side of products whose rows are weighted sums of its own, added up in their order: the same bits on every
// processor (train/fit/kernels.h). The matrix has to outlive it. Const use is thread-safe.
class RightFactor {
 public:
  explicit RightFactor(const Rows& matrix);

  // Numbers that a row of a product takes: columns of no meaning stand behind the matrix's own.
  std::size_t stride() const { return stride_; }

  // Σ row.values[i] · matrix.row(row.ids[i]).
  void multiply(const features::SparseRow& row, float* product) const;
  // `left`: rows one after the other, a value for each row of the matrix; so are the products.
  void multiply(const float* left, std::size_t rows, float* products) const;

 private:
  std::size_t depth_;
  std::size_t stride_;
  Rows padded_;  // where the kernels cannot take the matrix as it is
  const float* data_;
};

}  // namespace textlambda::topics
