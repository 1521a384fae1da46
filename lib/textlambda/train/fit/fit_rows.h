// What a fit is fitted to: documents with the same vector are one row, which has each label by as many documents as
// have it. Copies taken one by one pull each other's way with a C each, so that a text that repeats under several
// labels takes hundreds of passes to come to its labels' shares; as one row it is one step of the solver.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "textlambda/io/executor.h"
#include "textlambda/train/document_counts.h"

namespace textlambda::train {

class FitRows {
 public:
  struct LabelPart {
    std::uint32_t label = 0;
    float documents = 0;  // a guess is less than one
    float handicap = 0;   // added to the logit of a row's only label while fitting (naive_bayes.h); else 0
  };

  FitRows() = default;
  // A document of a TrainingSet that stands for the others, and its labels' parts by rising label.
  void add(std::uint32_t document, bool held_out, std::span<const LabelPart> parts);
  // Behind them the documents from `first` on that have no label, as what they are guessed to be.
  void add_guessed(std::size_t first, const Guesses& guesses);

  std::size_t size() const { return documents_.size(); }
  std::uint32_t document(std::size_t row) const { return documents_[row]; }
  bool held_out(std::size_t row) const { return held_out_[row] != 0; }
  bool guessed(std::size_t row) const { return row >= labelled_; }
  std::span<const LabelPart> parts(std::size_t row) const {
    return {parts_.data() + begin(row), static_cast<std::size_t>(end_[row]) - begin(row)};
  }
  std::span<LabelPart> parts(std::size_t row) {
    return {parts_.data() + begin(row), static_cast<std::size_t>(end_[row]) - begin(row)};
  }

  // The rows that are not held out, labelled ones alone.
  FitRows without_held_out() const;

  // Every `count`-th row from `number` on, whatever it is. Rows are in random order, so these are as good as any.
  FitRows shard(std::size_t number, std::size_t count) const;

 private:
  std::size_t begin(std::size_t row) const { return row == 0 ? 0 : end_[row - 1]; }

  std::size_t labelled_ = 0;
  std::vector<std::uint32_t> documents_;
  std::vector<std::uint8_t> held_out_;
  std::vector<std::uint32_t> end_;  // of its parts
  std::vector<LabelPart> parts_;
};

// Rows in an order that does not depend on the documents' order. A held-out document and another are never one row.
// `documents`: terms are features; `held_out`: a flag a document.
FitRows merge_rows(const LabelledDocuments& documents, const std::vector<std::uint8_t>& held_out,
                   const io::Executor& executor);

}  // namespace textlambda::train
