#include "textlambda/topics/term_matrix.h"

#include <utility>

namespace textlambda::topics {

TermMatrix::TermMatrix(std::size_t columns, std::vector<std::uint64_t> ends, std::vector<std::uint32_t> ids,
                       std::vector<float> values)
    : columns_(columns), ends_(std::move(ends)), ids_(std::move(ids)), values_(std::move(values)) {}

TermMatrix TermMatrix::transposed() const {
  std::vector<std::uint64_t> next(columns_ + 1, 0);
  for (const std::uint32_t id : ids_) ++next[id + 1];
  for (std::size_t column = 0; column < columns_; ++column) next[column + 1] += next[column];
  std::vector<std::uint64_t> ends(next.begin() + 1, next.end());
  std::vector<std::uint32_t> ids(ids_.size());
  std::vector<float> values(values_.size());
  for (std::size_t i = 0; i < rows(); ++i) {
    const features::SparseRow own = row(i);
    for (std::size_t j = 0; j < own.size; ++j) {
      const std::uint64_t place = next[own.ids[j]]++;
      ids[place] = static_cast<std::uint32_t>(i);
      values[place] = own.values[j];
    }
  }
  return {rows(), std::move(ends), std::move(ids), std::move(values)};
}

TermMatrix TermMatrix::chosen(std::span<const std::uint32_t> rows) const {
  std::vector<std::uint64_t> ends;
  std::vector<std::uint32_t> ids;
  std::vector<float> values;
  ends.reserve(rows.size());
  for (const std::uint32_t i : rows) {
    const features::SparseRow own = row(i);
    ids.insert(ids.end(), own.ids, own.ids + own.size);
    values.insert(values.end(), own.values, own.values + own.size);
    ends.push_back(ids.size());
  }
  return {columns_, std::move(ends), std::move(ids), std::move(values)};
}

void TermMatrix::multiply(const Rows& right, Rows& product, const io::Executor& executor) const {
  product.resize(at(rows()), right.cols());
  const RightFactor factor(right);
  executor.run_ranges(rows(), kRowsPerRange, [&](std::size_t begin, std::size_t end) {
    Eigen::RowVectorXf sum(at(factor.stride()));
    for (std::size_t i = begin; i < end; ++i) {
      factor.multiply(row(i), sum.data());
      product.row(at(i)) = sum.head(right.cols());
    }
  });
}

}  // namespace textlambda::topics
