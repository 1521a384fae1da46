// Several sources of rows as one, in order: a corpus of files and rows that came in since, texts and those with a
// label.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "textlambda/corpus/row_source.h"

namespace textlambda::corpus {

// Borrows the sources, which have to outlive it.
class JoinedRows final : public RowSource {
 public:
  // At least one, without further columns. Throws Error(usage) otherwise.
  explicit JoinedRows(std::vector<const RowSource*> sources);

  const std::vector<InputDescription>& inputs() const override { return inputs_; }
  const std::vector<std::string>& columns() const override { return sources_.front()->columns(); }
  // Of one source: its own.
  std::string sha256() const override;
  std::size_t partition_count() const override { return begins_.back(); }
  PartitionSummary read(std::size_t partition, const Visit& visit) const override;
  using RowSource::release;
  void release(std::size_t partition, std::size_t count) const override;
  std::size_t input_of(std::size_t partition) const override;
  std::uint64_t rows_before(std::size_t partition) const override;
  Location locate(std::size_t partition, std::uint64_t line) const override;

 private:
  // Which source, and which of its partitions.
  std::pair<std::size_t, std::size_t> place_of(std::size_t partition) const;

  std::vector<const RowSource*> sources_;
  std::vector<std::size_t> begins_;  // of each source's partitions, and their number
  std::vector<std::size_t> inputs_before_;
  std::vector<InputDescription> inputs_;
};

}  // namespace textlambda::corpus
