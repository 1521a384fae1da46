#include "textlambda/replay/label_score.h"

namespace textlambda::replay {

void LabelScore::add(const Replayed& replayed) {
  if (!replayed.labels.known() || !replayed.reply.has_labels) return;
  const std::vector<lambda::RecordOutcome>& records = replayed.reply.answer.records;
  if (records.empty() && replayed.labels.for_all) {
    add_text(*replayed.labels.for_all, nullptr);  // the event failed as a whole
    return;
  }
  for (std::size_t i = 0; i < records.size(); ++i) {
    const std::string* label = replayed.labels.of(i);
    if (label != nullptr && !records[i].skipped) add_text(*label, records[i].ok ? &records[i] : nullptr);
  }
}

void LabelScore::add_text(const std::string& label, const lambda::RecordOutcome* record) {
  ++texts_;
  const std::string_view predicted = record == nullptr ? std::string_view() : record->label;
  if (record == nullptr) ++failed_;
  if (record != nullptr && predicted == label) ++correct_;
  ++confusion_[{label, std::string(predicted)}];
  if (!knows_(label)) ++unknown_[label];
}

double LabelScore::accuracy() const {
  return texts_ == 0 ? 0 : static_cast<double>(correct_) / static_cast<double>(texts_);
}

}  // namespace textlambda::replay
