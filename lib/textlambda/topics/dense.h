// Dense matrices of single precision, a row a text or a word: rows are what threads share out.
#pragma once

#include <cstddef>

#include <Eigen/Core>

namespace textlambda::topics {

using Rows = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

// Rows that a thread takes at a time. Sums over rows are taken within such a range and then over the ranges in their
// order, so that they do not depend on the number of threads; a range is short enough for sums in single precision.
inline constexpr std::size_t kRowsPerRange = 256;

constexpr Eigen::Index at(std::size_t i) { return static_cast<Eigen::Index>(i); }

}  // namespace textlambda::topics
