// Labelled recordings as a test set: how often the model's label is the true one. A plain accumulator; not thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "textlambda/replay/replayer.h"
#include "textlambda/stats/interval.h"

namespace textlambda::replay {

class LabelScore {
 public:
  // `knows(label)` says whether the model has the label.
  explicit LabelScore(std::function<bool(std::string_view)> knows) : knows_(std::move(knows)) {}

  // A labelled text that could not be classified counts as wrong; one that its source's contract leaves out does not
  // count. Events without a label or a reply that tells labels count nothing.
  void add(const Replayed& replayed);

  std::uint64_t texts() const { return texts_; }
  std::uint64_t correct() const { return correct_; }
  std::uint64_t failed() const { return failed_; }  // of the wrong ones, those without any label
  double accuracy() const;
  stats::Interval accuracy_interval() const { return stats::wilson_interval(correct_, texts_); }  // 95 %

  // (true, predicted) → how often; "" for a text that could not be classified.
  const std::map<std::pair<std::string, std::string>, std::uint64_t>& confusion() const { return confusion_; }
  // True labels that the model does not know, and on how many texts.
  const std::map<std::string, std::uint64_t>& unknown() const { return unknown_; }

 private:
  void add_text(const std::string& label, const lambda::RecordOutcome* record);

  std::function<bool(std::string_view)> knows_;
  std::uint64_t texts_ = 0;
  std::uint64_t correct_ = 0;
  std::uint64_t failed_ = 0;
  std::map<std::pair<std::string, std::string>, std::uint64_t> confusion_;
  std::map<std::string, std::uint64_t> unknown_;
};

}  // namespace textlambda::replay
