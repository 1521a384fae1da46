// The documents as sparse vectors, ready for a solver. Borrows the feature numbers from LabelledDocuments, which has to
// outlive it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "textlambda/train/document_counts.h"
#include "textlambda/train/kernels.h"

namespace textlambda::train {

class TrainingSet {
 public:
  // A document's vector: each group of n-grams, (1 + ln tf) · scale, brought to Euclidean length 1 on its own.
  TrainingSet(const LabelledDocuments& documents, const std::vector<float>& scales, unsigned threads);

  std::size_t size() const { return rows_.size(); }
  SparseRow row(std::size_t document) const { return rows_[document]; }
  std::uint32_t label(std::size_t document) const { return labels_[document]; }
  // ‖x‖², the constant bias feature of 1 included.
  float squared_norm(std::size_t document) const { return squared_norms_[document]; }

 private:
  std::vector<std::vector<float>> values_;  // a block
  std::vector<SparseRow> rows_;
  std::vector<std::uint32_t> labels_;
  std::vector<float> squared_norms_;
};

}  // namespace textlambda::train
