// For each feature, the labels of the documents that have it, held-out documents left out (what had seen their labels
// would make the temperature too cold): the corpus's matrix, turned round. What the features' scales and the prior of
// their weights are computed from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "textlambda/io/executor.h"
#include "textlambda/train/document_counts.h"

namespace textlambda::train {

class LabelLists {
 public:
  // `held_out` has a flag a document, not 0 where it is held out.
  LabelLists(const LabelledDocuments& documents, std::size_t feature_count, const std::vector<std::uint8_t>& held_out,
             const io::Executor& executor);

  // One label a document, in the documents' order.
  std::span<const std::uint32_t> operator[](std::size_t feature) const {
    return {labels_.data() + first_[feature], static_cast<std::size_t>(first_[feature + 1] - first_[feature])};
  }
  std::size_t feature_count() const { return first_.size() - 1; }

  // Documents a label, held-out ones left out.
  const std::vector<std::uint64_t>& label_counts() const { return label_counts_; }

 private:
  std::vector<std::uint64_t> first_;
  std::vector<std::uint32_t> labels_;
  std::vector<std::uint64_t> label_counts_;
};

// Each label's share of all documents that are counted.
std::vector<double> label_shares(const std::vector<std::uint64_t>& label_counts);

}  // namespace textlambda::train
