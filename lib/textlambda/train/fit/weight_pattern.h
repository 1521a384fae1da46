// Which labels each feature has weights for, where labels are many: those of the documents that have it, or all where
// that is a quarter of them. Else what it never met has no weight and no place, so that memory and work grow with what
// the corpus has and not with all labels. Fits
// to many labels (many_labels.h) have one, fixed before they begin; the weights' values stand beside it (Weights in
// solver.h). Const use is thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "textlambda/io/executor.h"
#include "textlambda/train/fit/kernels.h"
#include "textlambda/train/label_lists.h"

namespace textlambda::train {

class WeightPattern {
 public:
  // Of more places than this a fit would not be done in memory that machines commonly have: 2 GiB of labels and values.
  static constexpr std::size_t kMostPlaces = std::size_t{1} << 28;

  WeightPattern() = default;
  // The labels of `lists` and, where it is not null, of `further`, which has as many features. Throws
  // Error(input_output) where that makes more than kMostPlaces.
  WeightPattern(const LabelLists& lists, const LabelLists* further, const io::Executor& executor);
  // Of feature f the labels from ends[f − 1] (0 for the first) to ends[f], rising.
  WeightPattern(std::size_t label_count, const std::vector<std::size_t>& ends,
                const std::vector<std::uint32_t>& labels);

  std::size_t feature_count() const { return rows_.size(); }
  std::size_t label_count() const { return label_count_; }
  // Places of weights; an array of values has one more, which is never used and always 0.
  std::size_t size() const { return size_; }
  // A feature's places stand together, by rising label.
  std::size_t begin(std::size_t feature) const { return rows_[feature].values; }
  std::size_t count(std::size_t feature) const { return rows_[feature].count; }

  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  std::size_t find(std::size_t feature, std::uint32_t label) const;

  // Calls visit(label, place) for each place of a feature, by rising label.
  template <typename Visit>
  void for_each(std::size_t feature, Visit&& visit) const {
    const PatternRow& row = rows_[feature];
    std::size_t place = row.values;
    if (row.count == label_count_) {
      for (std::uint32_t label = 0; label < row.count; ++label) visit(label, place++);
      return;
    }
    if (row.words == 0) {
      for (std::size_t i = 0; i < row.count; ++i) visit(labels_[row.places + i], place++);
      return;
    }
    for (std::uint32_t word = 0; word < row.words; ++word) {
      for (std::uint64_t bits = words_[row.places + word].bits; bits != 0; bits &= bits - 1) {
        visit(word * 64 + static_cast<std::uint32_t>(__builtin_ctzll(bits)), place++);
      }
    }
  }

  PatternView view() const { return {rows_.data(), labels_.data(), words_.data(), label_count_}; }

 private:
  // Makes room for a row of so many labels.
  void add_row(std::size_t count);
  void check_size() const;
  // Rising labels of a row that add_row() made.
  void set_row(std::size_t feature, const std::uint32_t* labels);

  std::size_t label_count_ = 0;
  std::size_t size_ = 0;
  std::size_t label_places_ = 0;
  std::size_t word_places_ = 0;
  std::vector<PatternRow> rows_;
  std::vector<std::uint32_t> labels_;
  std::vector<PatternWord> words_;
};

}  // namespace textlambda::train
