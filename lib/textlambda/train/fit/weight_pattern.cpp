#include "textlambda/train/fit/weight_pattern.h"

#include <algorithm>
#include <string>

#include "textlambda/io/error.h"
#include "textlambda/text/count.h"

namespace textlambda::train {
namespace {

constexpr std::size_t kFeaturesAtATime = 4096;

// A feature's labels, each once, rising. `met`: a flag a label, all 0 before and after.
void collect_labels(const LabelLists& lists, const LabelLists* further, std::size_t feature,
                    std::vector<std::uint8_t>& met, std::vector<std::uint32_t>& labels) {
  labels.clear();
  const auto add = [&](std::uint32_t label) {
    if (met[label] != 0) return;
    met[label] = 1;
    labels.push_back(label);
  };
  const auto add_all = [&](const LabelLists& from) {
    from.visit(feature, [&](std::uint32_t label, std::uint32_t) { add(label); });
  };
  add_all(lists);
  for (const Guesses::Share& share : lists.guesses(feature)) add(share.label);
  if (further != nullptr) add_all(*further);
  for (const std::uint32_t label : labels) met[label] = 0;
  std::sort(labels.begin(), labels.end());
}

}  // namespace

void WeightPattern::add_row(std::size_t count) {
  // Found at once where there is a place for every label.
  if (count * 4 >= label_count_) {
    rows_.push_back({size_, 0, static_cast<std::uint32_t>(label_count_), 0});
    size_ += label_count_;
    return;
  }
  // Bits where they take less than labels would.
  const std::size_t words = (label_count_ + 63) / 64;
  const bool is_wide = words * sizeof(PatternWord) < count * sizeof(std::uint32_t);
  rows_.push_back({size_, is_wide ? word_places_ : label_places_, static_cast<std::uint32_t>(count),
                   static_cast<std::uint32_t>(is_wide ? words : 0)});
  size_ += count;
  (is_wide ? word_places_ : label_places_) += is_wide ? words : count;
}

void WeightPattern::check_size() const {
  if (size_ <= kMostPlaces) return;
  io::throw_input("the corpus has " + text::grouped(size_) + " pairs of an n-gram and a label, at most " +
                  text::grouped(kMostPlaces) +
                  " can be fitted: fewer n-grams (--min-count, --chars none) or fewer labels are needed");
}

void WeightPattern::set_row(std::size_t feature, const std::uint32_t* labels) {
  const PatternRow& row = rows_[feature];
  if (row.count == label_count_) return;
  if (row.words == 0) {
    std::copy_n(labels, row.count, &labels_[row.places]);
    return;
  }
  PatternWord* const words = &words_[row.places];
  for (std::size_t i = 0; i < row.count; ++i) words[labels[i] / 64].bits |= std::uint64_t{1} << labels[i] % 64;
  std::uint32_t before = 0;
  for (std::size_t word = 0; word < row.words; ++word) {
    words[word].before = before;
    before += static_cast<std::uint32_t>(__builtin_popcountll(words[word].bits));
  }
}

WeightPattern::WeightPattern(const LabelLists& lists, const LabelLists* further, const io::Executor& executor)
    : label_count_(lists.label_counts().size()) {
  const std::size_t features = lists.features().size();
  std::vector<std::uint32_t> counts(features);
  const auto for_each_row = [&](const auto& visit) {
    executor.run_ranges(features, kFeaturesAtATime, [&](std::size_t begin, std::size_t end) {
      std::vector<std::uint8_t> met(label_count_, 0);
      std::vector<std::uint32_t> labels;
      for (std::size_t feature = begin; feature < end; ++feature) {
        collect_labels(lists, further, feature, met, labels);
        visit(feature, labels);
      }
    });
  };
  for_each_row([&](std::size_t feature, const std::vector<std::uint32_t>& labels) {
    counts[feature] = static_cast<std::uint32_t>(labels.size());
  });
  rows_.reserve(features);
  for (const std::uint32_t count : counts) add_row(count);
  check_size();
  labels_.resize(label_places_);
  words_.resize(word_places_);
  for_each_row([&](std::size_t feature, const std::vector<std::uint32_t>& labels) { set_row(feature, labels.data()); });
}

WeightPattern::WeightPattern(std::size_t label_count, const std::vector<std::size_t>& ends,
                             const std::vector<std::uint32_t>& labels)
    : label_count_(label_count) {
  rows_.reserve(ends.size());
  const auto begin = [&](std::size_t feature) { return feature == 0 ? 0 : ends[feature - 1]; };
  for (std::size_t feature = 0; feature < ends.size(); ++feature) add_row(ends[feature] - begin(feature));
  check_size();
  labels_.resize(label_places_);
  words_.resize(word_places_);
  for (std::size_t feature = 0; feature < ends.size(); ++feature) set_row(feature, labels.data() + begin(feature));
}

std::size_t WeightPattern::find(std::size_t feature, std::uint32_t label) const {
  const PatternRow& row = rows_[feature];
  if (row.count == label_count_) return row.values + label;
  if (row.words == 0) {
    const auto begin = labels_.begin() + static_cast<std::ptrdiff_t>(row.places);
    const auto end = begin + row.count;
    const auto found = std::lower_bound(begin, end, label);
    return found != end && *found == label ? row.values + static_cast<std::size_t>(found - begin) : kNone;
  }
  const PatternWord& word = words_[row.places + label / 64];
  const std::uint64_t bit = std::uint64_t{1} << label % 64;
  if ((word.bits & bit) == 0) return kNone;
  return row.values + word.before + static_cast<std::size_t>(__builtin_popcountll(word.bits & (bit - 1)));
}

}  // namespace textlambda::train
