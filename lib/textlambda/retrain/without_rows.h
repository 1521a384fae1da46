// A corpus less the rows whose text is in another one: so that a test set stays one. Texts that differ in white space,
// in composed accents or in full width are the same (features/row_key.h).
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_set>
#include <vector>

#include "textlambda/corpus/row_source.h"
#include "textlambda/io/executor.h"

namespace textlambda::retrain {

// Borrows `source`, which has to outlive it.
class WithoutRows final : public corpus::RowSource {
 public:
  // Reads the others, and of the source no more than up to the first row that stays: throws Error as they do, and
  // Error(input_output) where none does.
  WithoutRows(const corpus::RowSource& source, const corpus::RowSource& others, const io::Executor& executor = {});

  // Rows of the source that are left out. Reads those partitions that were not read to their end yet.
  std::uint64_t left_out() const;

  const std::vector<corpus::InputDescription>& inputs() const override { return source_.inputs(); }
  const std::vector<std::string>& columns() const override { return source_.columns(); }
  // Of the source where nothing is left out.
  std::string sha256() const override;
  std::size_t partition_count() const override { return source_.partition_count(); }
  corpus::PartitionSummary read(std::size_t partition, const Visit& visit) const override;
  using corpus::RowSource::release;
  void release(std::size_t partition, std::size_t count) const override { source_.release(partition, count); }
  std::size_t input_of(std::size_t partition) const override { return source_.input_of(partition); }
  std::uint64_t rows_before(std::size_t partition) const override { return source_.rows_before(partition); }
  corpus::Location locate(std::size_t partition, std::uint64_t line) const override {
    return source_.locate(partition, line);
  }

 private:
  // The rows of a partition that are left out, by Example::row, rising: to tell them by their texts takes as long as a
  // good part of the training, so that it is done once.
  using Rows = std::vector<std::uint64_t>;

  std::shared_ptr<const Rows> known(std::size_t partition) const;
  corpus::PartitionSummary find(std::size_t partition, const Visit& visit) const;

  const corpus::RowSource& source_;
  std::unordered_set<std::uint64_t> keys_;
  std::string others_sha256_;
  mutable std::mutex mutex_;                                   // of what follows
  mutable std::vector<std::shared_ptr<const Rows>> left_out_;  // by partition; null where it is not known yet
};

}  // namespace textlambda::retrain
