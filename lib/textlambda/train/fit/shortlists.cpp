#include "textlambda/train/fit/shortlists.h"

#include <algorithm>
#include <array>
#include <span>
#include <tuple>
#include <utility>

#include "textlambda/train/fit/weight_pattern.h"

namespace textlambda::train {
namespace {

struct ScoredLabel {
  float score = 0;  // the less the better
  std::uint32_t label = 0;

  friend bool operator<(const ScoredLabel& a, const ScoredLabel& b) {
    return std::tie(a.score, a.label) < std::tie(b.score, b.label);
  }
};

// What the prior makes of one row at a time.
class PriorScores {
 public:
  explicit PriorScores(const Weights& prior)
      : prior_(prior),
        pattern_(*prior.pattern),
        scores_(prior.label_count, 0),
        state_(prior.label_count, 0),
        by_label_(prior.label_count, 0) {}

  // Rising labels: `own`, and the best of the others.
  void list(SparseRow row, std::span<const FitRows::LabelPart> own, std::vector<std::uint32_t>& labels) {
    labels.clear();
    for (const FitRows::LabelPart& part : own) labels.push_back(part.label);
    if (own.size() > Shortlist::kMostListed) keep_commonest(own, labels);
    for (const std::uint32_t label : labels) state_[label] |= kOwn;
    const std::size_t owned = labels.size();
    add_up(row);
    candidates_.clear();
    for (const std::uint32_t label : met_) {
      if ((state_[label] & kOwn) == 0) candidates_.push_back({-scores_[label], label});
      scores_[label] = 0;
      state_[label] = 0;
    }
    for (const std::uint32_t label : labels) state_[label] = 0;
    const std::size_t wanted = Shortlists::kLength - std::min(owned, Shortlists::kLength);
    keep_best(kCandidates);
    if (candidates_.size() > wanted) {
      add_rest();
      keep_best(wanted);
    }
    for (const ScoredLabel& candidate : candidates_) labels.push_back(candidate.label);
    std::sort(labels.begin(), labels.end());
  }

 private:
  // The commonest features, which most labels have, tell least and cost most. Features have a say on all labels they
  // met from the rarest on, until so many were met; the others one on the best of these.
  static constexpr std::size_t kMostMeetings = 40000;
  static constexpr std::size_t kMeetingsPerLabel = 12;  // where that is less
  static constexpr std::size_t kCandidates = 128;
  static constexpr std::uint8_t kOwn = 1;
  static constexpr std::uint8_t kMet = 2;
  // What having met counts for, so that without a prior the labels are chosen that share most n-grams.
  static constexpr float kMeeting = 1e-5F;

  static void keep_commonest(std::span<const FitRows::LabelPart> own, std::vector<std::uint32_t>& labels) {
    std::vector<FitRows::LabelPart> parts(own.begin(), own.end());
    std::stable_sort(parts.begin(), parts.end(),
                     [](const auto& a, const auto& b) { return a.documents > b.documents; });
    labels.resize(Shortlist::kMostListed);
    for (std::size_t i = 0; i < labels.size(); ++i) labels[i] = parts[i].label;
  }

  void add_up(SparseRow row) {
    order_.clear();
    for (std::size_t i = 0; i < row.size; ++i) {
      order_.emplace_back(pattern_.count(row.ids[i]), static_cast<std::uint32_t>(i));
    }
    std::sort(order_.begin(), order_.end());
    met_.clear();
    std::size_t meetings = 0;
    std::size_t next = 0;
    for (; next < order_.size(); ++next) {
      meetings += order_[next].first;
      if (meetings > most_meetings_ && !met_.empty()) break;
      const std::uint32_t i = order_[next].second;
      const float value = row.values[i];
      pattern_.for_each(row.ids[i], [&](std::uint32_t label, std::size_t place) {
        if ((state_[label] & kMet) == 0) {
          state_[label] |= kMet;
          met_.push_back(label);
        }
        scores_[label] += value * (prior_.matrix[place] + kMeeting);
      });
    }
    rest_ids_.clear();
    rest_values_.clear();
    for (; next < order_.size(); ++next) {
      rest_ids_.push_back(row.ids[order_[next].second]);
      rest_values_.push_back(row.values[order_[next].second]);
    }
  }

  // What the other features of the row make of the candidates.
  void add_rest() {
    std::sort(candidates_.begin(), candidates_.end(),
              [](const ScoredLabel& a, const ScoredLabel& b) { return a.label < b.label; });
    std::array<std::uint32_t, kCandidates> labels{};
    std::array<float, kCandidates> scores{};
    for (std::size_t i = 0; i < candidates_.size(); ++i) labels[i] = candidates_[i].label;
    kernels_.accumulate_listed(prior_.matrix.data(), pattern_.view(),
                               {rest_ids_.data(), rest_values_.data(), rest_ids_.size()},
                               {labels.data(), candidates_.size()}, scores.data(), by_label_.data());
    for (std::size_t i = 0; i < candidates_.size(); ++i) candidates_[i].score -= scores[i];
  }

  void keep_best(std::size_t wanted) {
    if (candidates_.size() <= wanted) return;
    const auto end = candidates_.begin() + static_cast<std::ptrdiff_t>(wanted);
    std::nth_element(candidates_.begin(), end, candidates_.end());
    candidates_.erase(end, candidates_.end());
  }

  const Weights& prior_;
  const WeightPattern& pattern_;
  std::size_t most_meetings_ = std::min(kMostMeetings, kMeetingsPerLabel* pattern_.label_count());
  std::vector<float> scores_;        // a label; 0 between rows, as is state_
  std::vector<std::uint8_t> state_;  // a label
  std::vector<std::uint32_t> met_;   // labels with a score
  std::vector<std::pair<std::size_t, std::uint32_t>> order_;
  std::vector<ScoredLabel> candidates_;
  std::vector<std::uint32_t> rest_ids_;  // features that have had no say yet
  std::vector<float> rest_values_;
  const Kernels& kernels_ = kernels();
  std::vector<float> by_label_;  // for the kernel
};

}  // namespace

Shortlists::Shortlists(const TrainingSet& set, const FitRows& rows, const Weights& prior) {
  PriorScores scores(prior);
  RowReader reader(set);
  std::vector<std::uint32_t> labels;
  end_.reserve(rows.size());
  for (std::size_t row = 0; row < rows.size(); ++row) {
    scores.list(reader.row(rows.document(row)), rows.parts(row), labels);
    labels_.insert(labels_.end(), labels.begin(), labels.end());
    end_.push_back(labels_.size());
  }
}

}  // namespace textlambda::train
