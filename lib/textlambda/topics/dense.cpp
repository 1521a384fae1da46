#include "textlambda/topics/dense.h"

#include <algorithm>

#include "textlambda/train/fit/kernels.h"

namespace textlambda::topics {

RightFactor::RightFactor(const Rows& matrix)
    : depth_(static_cast<std::size_t>(matrix.rows())),
      stride_((static_cast<std::size_t>(matrix.cols()) + train::kLanes - 1) / train::kLanes * train::kLanes),
      data_(matrix.data()) {
  if (at(stride_) == matrix.cols()) return;
  padded_ = Rows::Zero(matrix.rows(), at(stride_));
  padded_.leftCols(matrix.cols()) = matrix;
  data_ = padded_.data();
}

void RightFactor::multiply(const features::SparseRow& row, float* product) const {
  std::fill_n(product, stride_, 0.0F);
  train::kernels().accumulate(data_, stride_, row, product);
}

void RightFactor::multiply(const float* left, std::size_t rows, float* products) const {
  train::kernels().multiply(left, rows, depth_, data_, stride_, products);
}

}  // namespace textlambda::topics
