#include "textlambda/corpus/row_source.h"

namespace textlambda::corpus {

RowId RowSource::identify(std::size_t partition, std::uint64_t row) const {
  return {input_of(partition), rows_before(partition) + row};
}

RowSource::Place RowSource::find(const RowId& id) const {
  // The last partition that does not start behind the row.
  std::size_t low = 0;
  std::size_t high = partition_count();
  while (high - low > 1) {
    const std::size_t middle = low + (high - low) / 2;
    const std::size_t input = input_of(middle);
    const bool behind = input != id.input ? input > id.input : rows_before(middle) > id.ordinal;
    (behind ? high : low) = middle;
  }
  return {low, id.ordinal - rows_before(low)};
}

std::uint64_t RowSource::bytes() const {
  std::uint64_t total = 0;
  for (const InputDescription& input : inputs()) total += input.bytes;
  return total;
}

void RowFaults::add(const RowSource& source, std::size_t partition, const PartitionSummary& summary) {
  repaired_rows += summary.repaired_rows;
  bad_row_count += summary.bad_row_count;
  for (const BadRow& row : summary.bad_rows) {
    if (bad_rows.size() == kMostTold) break;
    bad_rows.push_back({source.locate(partition, row.line), row.reason});
  }
}

}  // namespace textlambda::corpus
