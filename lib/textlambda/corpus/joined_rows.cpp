#include "textlambda/corpus/joined_rows.h"

#include <algorithm>

#include "textlambda/encoding/sha256.h"
#include "textlambda/io/error.h"

namespace textlambda::corpus {

JoinedRows::JoinedRows(std::vector<const RowSource*> sources) : sources_(std::move(sources)) {
  if (sources_.empty()) io::throw_usage("there are no rows: expected a source of them");
  for (const RowSource* source : sources_) {
    if (!source->columns().empty()) io::throw_usage("rows with further columns are not joined");
    begins_.push_back(begins_.empty() ? 0 : begins_.back() + sources_[begins_.size() - 1]->partition_count());
    inputs_before_.push_back(inputs_.size());
    inputs_.insert(inputs_.end(), source->inputs().begin(), source->inputs().end());
  }
  begins_.push_back(begins_.back() + sources_.back()->partition_count());
}

std::pair<std::size_t, std::size_t> JoinedRows::place_of(std::size_t partition) const {
  // The last source that does not begin behind it; one without partitions has none.
  const auto behind = std::upper_bound(begins_.begin(), begins_.end() - 1, partition);
  const auto source = static_cast<std::size_t>(behind - begins_.begin()) - 1;
  return {source, partition - begins_[source]};
}

std::string JoinedRows::sha256() const {
  if (sources_.size() == 1) return sources_.front()->sha256();
  std::string names;
  for (const RowSource* source : sources_) names += source->sha256() + '\n';
  return encoding::sha256_hex(names);
}

PartitionSummary JoinedRows::read(std::size_t partition, const Visit& visit) const {
  const auto [source, own] = place_of(partition);
  return sources_[source]->read(own, visit);
}

void JoinedRows::release(std::size_t partition, std::size_t count) const {
  for (std::size_t source = 0; source < sources_.size(); ++source) {
    const std::size_t begin = std::max(partition, begins_[source]);
    const std::size_t end = std::min(partition + count, begins_[source + 1]);
    if (begin < end) sources_[source]->release(begin - begins_[source], end - begin);
  }
}

std::size_t JoinedRows::input_of(std::size_t partition) const {
  const auto [source, own] = place_of(partition);
  return inputs_before_[source] + sources_[source]->input_of(own);
}

std::uint64_t JoinedRows::rows_before(std::size_t partition) const {
  const auto [source, own] = place_of(partition);
  return sources_[source]->rows_before(own);
}

Location JoinedRows::locate(std::size_t partition, std::uint64_t line) const {
  const auto [source, own] = place_of(partition);
  return sources_[source]->locate(own, line);
}

}  // namespace textlambda::corpus
