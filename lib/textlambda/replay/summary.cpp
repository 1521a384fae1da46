#include "textlambda/replay/summary.h"

namespace textlambda::replay {
namespace {

Finding finding(const Replayed& replayed) {
  Finding found;
  found.file = replayed.recording.file;
  found.line = replayed.recording.line;
  found.source = source_of(replayed);
  return found;
}

// The "confidence" beside a "label" that differs, out of the differences themselves.
std::string confidence_shift(const std::vector<Difference>& differences) {
  for (const Difference& label : differences) {
    if (label.path.size() < 6 || label.path.compare(label.path.size() - 6, 6, "/label") != 0) continue;
    const std::string path = label.path.substr(0, label.path.size() - 5) + "confidence";
    for (const Difference& confidence : differences) {
      if (confidence.path == path) return confidence.expected + " → " + confidence.actual;
    }
  }
  return "";
}

}  // namespace

void Tally::add(const Replayed& replayed) {
  ++events;
  records += replayed.reply.answer.records.size();
  ++(replayed.ok() ? ok : failed);
  for (const lambda::RecordOutcome& record : replayed.reply.answer.records) abstained += record.abstained ? 1 : 0;
  if (replayed.differences) ++compared;
  if (replayed.differs()) ++differ;
  if (replayed.differs_by_model()) {
    ++by_model;
    if (!replayed.has_difference(About::model_figures)) ++by_model_id;
  }
  if (!replayed.ok() && replayed.passed()) ++as_recorded;
  for (const std::uint64_t nanosecond : replayed.latencies) {
    latency.add(nanosecond);
    nanoseconds += nanosecond;
  }
}

void Summary::add(const Replayed& replayed) {
  total_.add(replayed);
  const std::size_t index =
      replayed.reply.has_source ? static_cast<std::size_t>(replayed.reply.answer.source) : tallies_.size() - 1;
  tallies_[index].add(replayed);
  if (!replayed.ok() && failures_.size() < kMaxListed) {
    failures_.push_back(finding(replayed));
    failures_.back().reason = replayed.failure;
    failures_.back().as_recorded = replayed.passed();
  }
  if (replayed.differs() && differences_.size() < kMaxListed) {
    differences_.push_back(finding(replayed));
    differences_.back().differences = *replayed.differences;
    differences_.back().confidence = confidence_shift(*replayed.differences);
  }
}

const Tally* Summary::of(events::Source source) const {
  const Tally& tally = tallies_[static_cast<std::size_t>(source)];
  return tally.events == 0 ? nullptr : &tally;
}

std::string_view source_of(const Replayed& replayed) {
  return replayed.reply.has_source ? events::source_name(replayed.reply.answer.source) : std::string_view();
}

}  // namespace textlambda::replay
