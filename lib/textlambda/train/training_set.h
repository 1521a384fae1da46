// The documents as sparse vectors, ready for a solver. Borrows the feature numbers from LabelledDocuments, which has to
// outlive it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "textlambda/io/executor.h"
#include "textlambda/train/document_counts.h"
#include "textlambda/train/fit/kernels.h"

namespace textlambda::train {

class TrainingSet {
 public:
  TrainingSet() = default;
  // A document's vector: each group of n-grams, (1 + ln tf) · scale, brought to Euclidean length 1 on its own.
  TrainingSet(const LabelledDocuments& documents, const std::vector<float>& scales, const io::Executor& executor);

  std::size_t size() const { return rows_.size(); }
  SparseRow row(std::size_t document) const { return rows_[document]; }
  std::uint32_t label(std::size_t document) const { return labels_[document]; }
  // Asks for the memory that row(), label() and squared_norm() of a document will read, then, when that has come, for
  // the beginning of what the row points to.
  void prefetch(std::size_t document) const {
    __builtin_prefetch(&rows_[document]);
    __builtin_prefetch(&labels_[document]);
    __builtin_prefetch(&squared_norms_[document]);
  }
  void prefetch_row(std::size_t document) const {
    constexpr std::size_t kCacheLine = 16;  // values
    const SparseRow row = rows_[document];
    for (std::size_t i = 0; i < row.size && i < 4 * kCacheLine; i += kCacheLine) {
      __builtin_prefetch(row.ids + i);
      __builtin_prefetch(row.values + i);
    }
  }
  // ‖x‖², the constant bias feature of 1 included.
  float squared_norm(std::size_t document) const { return squared_norms_[document]; }

 private:
  std::vector<std::vector<float>> values_;  // a block
  std::vector<SparseRow> rows_;
  std::vector<std::uint32_t> labels_;
  std::vector<float> squared_norms_;
};

}  // namespace textlambda::train
