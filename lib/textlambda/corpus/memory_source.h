// Rows that are already in memory: of a program that has them from elsewhere, and of tests. Owns them.
#pragma once

#include <string>
#include <vector>

#include "textlambda/corpus/corpus.h"
#include "textlambda/corpus/row_source.h"

namespace textlambda::corpus {

struct MemoryRow {
  std::string text;
  std::string label;                 // empty where there is none
  std::vector<std::string> columns;  // as MemorySource::columns(); missing ones are empty
};

class MemorySource final : public RowSource {
 public:
  static constexpr std::size_t kRowsPerPartition = 1000;

  // One input of that name. What `options` say of texts, labels, bad rows and columns holds as in a file; broken UTF-8
  // is repaired. The line of a row is its number from 1.
  explicit MemorySource(std::vector<MemoryRow> rows, const CorpusOptions& options = {},
                        const std::string& name = "memory", std::size_t rows_per_partition = kRowsPerPartition);

  const std::vector<InputDescription>& inputs() const override { return inputs_; }
  const std::vector<std::string>& columns() const override { return options_.columns; }
  // Over text, label and columns of each row, each followed by a NUL.
  std::string sha256() const override;
  std::size_t partition_count() const override;
  PartitionSummary read(std::size_t partition, const Visit& visit) const override;
  std::size_t input_of(std::size_t) const override { return 0; }
  std::uint64_t rows_before(std::size_t partition) const override { return partition * rows_per_partition_; }
  Location locate(std::size_t partition, std::uint64_t line) const override;

 private:
  std::vector<MemoryRow> rows_;
  CorpusOptions options_;
  std::size_t rows_per_partition_;
  std::vector<InputDescription> inputs_;
};

}  // namespace textlambda::corpus
