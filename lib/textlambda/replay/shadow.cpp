#include "textlambda/replay/shadow.h"

#include <algorithm>
#include <cmath>

namespace textlambda::replay {
namespace {

bool is_classified(const lambda::RecordOutcome& record) { return record.ok && !record.skipped; }

}  // namespace

void Shadow::add(const Replayed& replayed) {
  if (!replayed.other) return;
  const std::vector<lambda::RecordOutcome>& ours = replayed.reply.answer.records;
  const std::vector<lambda::RecordOutcome>& theirs = replayed.other->answer.records;
  for (std::size_t i = 0; i < std::max(ours.size(), theirs.size()); ++i) {
    const bool here = i < ours.size() && is_classified(ours[i]);
    const bool there = i < theirs.size() && is_classified(theirs[i]);
    if (here != there) ++unmatched_;
    if (!here || !there) continue;
    const lambda::RecordOutcome& now = ours[i];
    const lambda::RecordOutcome& before = theirs[i];
    ++texts_;
    const double shift = static_cast<double>(now.confidence) - static_cast<double>(before.confidence);
    shift_sum_ += shift;
    absolute_shift_sum_ += std::abs(shift);
    largest_shift_ = std::max(largest_shift_, std::abs(shift));
    if (now.abstained && !before.abstained) ++newly_abstained_;
    if (!now.abstained && before.abstained) ++no_longer_abstained_;
    if (now.label == before.label) continue;
    ++flipped_;
    ++table_[{std::string(before.label), std::string(now.label)}];
    if (flips_.size() < kMaxListed) {
      flips_.push_back({replayed.recording.file, replayed.recording.line, i, std::string(before.label),
                        std::string(now.label), before.confidence, now.confidence});
    }
  }
}

double Shadow::flip_share() const {
  return texts_ == 0 ? 0 : static_cast<double>(flipped_) / static_cast<double>(texts_);
}

stats::Interval Shadow::agreement_interval() const { return stats::wilson_interval(texts_ - flipped_, texts_); }

double Shadow::mean_shift() const { return texts_ == 0 ? 0 : shift_sum_ / static_cast<double>(texts_); }

double Shadow::mean_absolute_shift() const {
  return texts_ == 0 ? 0 : absolute_shift_sum_ / static_cast<double>(texts_);
}

}  // namespace textlambda::replay
