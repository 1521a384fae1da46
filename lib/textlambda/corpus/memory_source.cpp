#include "textlambda/corpus/memory_source.h"

#include <algorithm>
#include <utility>

#include "textlambda/corpus/row_sink.h"
#include "textlambda/encoding/sha256.h"
#include "textlambda/text/utf8.h"

namespace textlambda::corpus {
namespace {

// True where something was repaired.
bool make_valid(std::string_view field, std::string& buffer, std::string_view& valid) {
  const text::Utf8Repair repair = text::repair_utf8(field, buffer);
  valid = repair.text;
  return repair.repaired;
}

}  // namespace

MemorySource::MemorySource(std::vector<MemoryRow> rows, const CorpusOptions& options, const std::string& name,
                           std::size_t rows_per_partition)
    : rows_(std::move(rows)), options_(options), rows_per_partition_(std::max<std::size_t>(rows_per_partition, 1)) {
  InputDescription input;
  input.name = name;
  input.format = "memory";
  input.text = "text";
  if (options_.need_label) input.label = "label";
  for (MemoryRow& row : rows_) {
    row.columns.resize(options_.columns.size());
    input.bytes += row.text.size() + row.label.size();
    for (const std::string& column : row.columns) input.bytes += column.size();
  }
  inputs_.push_back(std::move(input));
}

std::string MemorySource::sha256() const {
  encoding::Sha256 hash;
  const auto update = [&](const std::string& field) { hash.update({field.c_str(), field.size() + 1}); };
  for (const MemoryRow& row : rows_) {
    update(row.text);
    update(row.label);
    for (const std::string& column : row.columns) update(column);
  }
  return hash.hex();
}

std::size_t MemorySource::partition_count() const {
  return (rows_.size() + rows_per_partition_ - 1) / rows_per_partition_;
}

PartitionSummary MemorySource::read(std::size_t partition, const Visit& visit) const {
  const RowSink::Locate locate = [&](std::uint64_t line) { return this->locate(partition, line); };
  RowSink sink(options_, visit, locate);
  const std::size_t begin = partition * rows_per_partition_;
  const std::size_t end = std::min(begin + rows_per_partition_, rows_.size());
  std::vector<std::string> buffers(2 + options_.columns.size());
  bool more = true;
  for (std::size_t index = begin; more && index < end; ++index) {
    const MemoryRow& row = rows_[index];
    std::string_view text;
    std::string_view label;
    bool repaired = make_valid(row.text, buffers[0], text);
    repaired = make_valid(row.label, buffers[1], label) || repaired;
    for (std::size_t column = 0; column < row.columns.size(); ++column) {
      repaired = make_valid(row.columns[column], buffers[2 + column], sink.columns()[column]) || repaired;
    }
    more = sink.deliver(index - begin + 1, text, label, repaired);
  }
  return sink.summary();
}

Location MemorySource::locate(std::size_t partition, std::uint64_t line) const {
  return {inputs_.front().name, rows_before(partition) + line};
}

}  // namespace textlambda::corpus
