// For each feature, the labels of the documents that have it, held-out documents left out (what had seen their labels
// would make the temperature too cold): the corpus's matrix, turned round. What the features' scales and the prior of
// their weights are computed from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "textlambda/io/executor.h"
#include "textlambda/train/document_counts.h"
#include "textlambda/train/matrix_memory.h"
#include "textlambda/train/vocabulary.h"

namespace textlambda::train {

// Features [begin, end).
struct FeatureRange {
  std::size_t begin = 0;
  std::size_t end = 0;

  std::size_t size() const { return end - begin; }
  bool has(std::size_t feature) const { return feature - begin < size(); }
};

class LabelLists {
 public:
  // `held_out` has a flag a document, not 0 where it is held out. `guesses`: of the unlabelled documents, or null.
  LabelLists(const LabelledDocuments& documents, FeatureRange features, const std::vector<std::uint8_t>& held_out,
             const Guesses* guesses, const io::Executor& executor);

  FeatureRange features() const { return features_; }

  // Calls visit(label, documents) for the labels that a feature of the range comes with; a label may come several
  // times. The same calls in the same order for any number of threads.
  template <typename Visit>
  void visit(std::size_t feature, Visit&& visit) const {
    const std::size_t at = feature - features_.begin;
    if (first_.empty()) {
      const std::uint32_t* const counts = &counts_[at * label_counts_.size()];
      for (std::uint32_t label = 0; label < label_counts_.size(); ++label) {
        if (counts[label] > 0) visit(label, counts[label]);
      }
      return;
    }
    for (std::uint64_t i = first_[at]; i < first_[at + 1]; ++i) visit(labels_[i], std::uint32_t{1});
  }

  // The shares of what its unlabelled documents are guessed to be, in the documents' order; none where nothing is
  // guessed.
  std::span<const Guesses::Share> guesses(std::size_t feature) const {
    if (first_guess_.empty()) return {};
    const std::size_t at = feature - features_.begin;
    return {guesses_.data() + first_guess_[at], static_cast<std::size_t>(first_guess_[at + 1] - first_guess_[at])};
  }

  // Documents a label, held-out ones left out, those that are guessed by their shares.
  const std::vector<double>& label_counts() const { return label_counts_; }

 private:
  void count_few_labels(const LabelledDocuments& documents, const std::vector<std::uint8_t>& held_out,
                        const io::Executor& executor);
  void list_labels(const LabelledDocuments& documents, const std::vector<std::uint8_t>& held_out,
                   const io::Executor& executor);
  void list_guesses(const UnlabelledDocuments& documents, const Guesses& guesses);

  FeatureRange features_;
  MatrixVector<std::uint32_t> counts_;  // of few labels: features × labels
  std::vector<std::uint64_t> first_;    // of many: where each feature's begin
  MatrixVector<std::uint32_t> labels_;
  std::vector<std::uint64_t> first_guess_;
  std::vector<Guesses::Share> guesses_;
  std::vector<double> label_counts_;
};

// Calls visit for the lists of all features, as many features at a time as there is memory for.
void for_each_label_lists(const LabelledDocuments& documents, const Vocabulary& vocabulary,
                          const std::vector<std::uint8_t>& held_out, const Guesses* guesses,
                          const io::Executor& executor, const std::function<void(const LabelLists&)>& visit);

// Each label's share of all documents that are counted.
std::vector<double> label_shares(const std::vector<double>& label_counts);

}  // namespace textlambda::train
