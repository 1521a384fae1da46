// Texts as rows of weighted terms, compressed (CSR), and their product with dense matrices. Immutable once made; const
// use is thread-safe. No sum depends on the number of threads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "textlambda/features/sparse_row.h"
#include "textlambda/io/executor.h"
#include "textlambda/topics/dense.h"

namespace textlambda::topics {

class TermMatrix {
 public:
  TermMatrix() = default;
  // `ends`: a row, where its entries end; ids below `columns`, in any order within a row.
  TermMatrix(std::size_t columns, std::vector<std::uint64_t> ends, std::vector<std::uint32_t> ids,
             std::vector<float> values);

  std::size_t rows() const { return ends_.size(); }
  std::size_t columns() const { return columns_; }
  std::size_t entries() const { return ids_.size(); }
  features::SparseRow row(std::size_t row) const {
    const std::uint64_t begin = row == 0 ? 0 : ends_[row - 1];
    return {ids_.data() + begin, values_.data() + begin, static_cast<std::size_t>(ends_[row] - begin)};
  }

  TermMatrix transposed() const;
  // The rows of these numbers, in that order.
  TermMatrix chosen(std::span<const std::uint32_t> rows) const;

  // This · right. `product` is given its size.
  void multiply(const Rows& right, Rows& product, const io::Executor& executor) const;

 private:
  std::size_t columns_ = 0;
  std::vector<std::uint64_t> ends_;
  std::vector<std::uint32_t> ids_;
  std::vector<float> values_;
};

}  // namespace textlambda::topics
