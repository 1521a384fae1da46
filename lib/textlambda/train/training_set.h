// The documents as sparse vectors, ready for a solver; those without a label behind the others. Borrows the feature
// numbers from LabelledDocuments, which has to outlive it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "textlambda/io/executor.h"
#include "textlambda/io/scratch_file.h"
#include "textlambda/train/document_counts.h"
#include "textlambda/train/fit/kernels.h"
#include "textlambda/train/matrix_memory.h"
#include "textlambda/train/memory_plan.h"

namespace textlambda::train {

class TrainingSet {
 public:
  TrainingSet() = default;
  // A document's vector: each group of n-grams, (1 + ln tf) · scale, brought to Euclidean length 1 on its own.
  TrainingSet(const LabelledDocuments& documents, const std::vector<float>& scales, const io::Executor& executor);

  std::size_t size() const { return rows_.size(); }
  // Of a labelled document.
  std::uint32_t label(std::size_t document) const { return labels_[document]; }
  // Asks for the memory that a reader's row(), label() and squared_norm() of a document will read, then, when that has
  // come, for the beginning of what the row points to.
  void prefetch(std::size_t document) const {
    __builtin_prefetch(&rows_[document]);
    __builtin_prefetch(&labels_[document]);
    __builtin_prefetch(&squared_norms_[document]);
  }
  void prefetch_row(std::size_t document) const {
    constexpr std::size_t kCacheLine = 16;  // values
    const SparseRow row = rows_[document];
    if (row.ids == nullptr) return;
    for (std::size_t i = 0; i < row.size && i < 4 * kCacheLine; i += kCacheLine) {
      __builtin_prefetch(row.ids + i);
      __builtin_prefetch(row.values + i);
    }
  }
  // ‖x‖², the constant bias feature of 1 included.
  float squared_norm(std::size_t document) const { return squared_norms_[document]; }

 private:
  friend class RowReader;

  MemoryShare share_;           // for the values
  MatrixVector<float> values_;  // where there is room for them
  std::vector<SparseRow> rows_;
  // Where there is none: numbers and values of each row, one behind the other, and where each row's begin; `rows_` says
  // how many they are.
  std::unique_ptr<io::ScratchFile> file_;
  std::vector<std::uint64_t> offsets_;
  std::vector<std::uint32_t> labels_;
  std::vector<float> squared_norms_;
};

// Reads the rows of a set, wherever they are. One a thread; the set has to outlive it.
class RowReader {
 public:
  explicit RowReader(const TrainingSet& set) : set_(set), in_memory_(set.file_ == nullptr) {}

  // Valid until the next call.
  SparseRow row(std::size_t document) {
    const SparseRow row = set_.rows_[document];
    return in_memory_ ? row : read(set_.offsets_[document], row.size);
  }

 private:
  SparseRow read(std::uint64_t offset, std::size_t size);

  const TrainingSet& set_;
  bool in_memory_;
  std::vector<std::uint32_t> ids_;
  std::vector<float> values_;
};

}  // namespace textlambda::train
