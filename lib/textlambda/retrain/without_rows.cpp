#include "textlambda/retrain/without_rows.h"

#include <atomic>

#include "textlambda/archive/sha256.h"
#include "textlambda/features/row_key.h"
#include "textlambda/io/error.h"

namespace textlambda::retrain {

WithoutRows::WithoutRows(const corpus::RowSource& source, const corpus::RowSource& others, const io::Executor& executor)
    : source_(source), others_sha256_(others.sha256()) {
  features::RowKeys keys;
  for (std::size_t partition = 0; partition < others.partition_count(); ++partition) {
    others.read(partition, [&](const corpus::Example& row) {
      keys_.insert(keys.key(row.text));
      return true;
    });
  }
  std::atomic<std::uint64_t> rows{0};
  std::atomic<std::uint64_t> left_out{0};
  executor.run(source.partition_count(), [&](std::size_t partition, unsigned) {
    features::RowKeys own;
    std::uint64_t found = 0;
    rows += source
                .read(partition,
                      [&](const corpus::Example& row) {
                        found += keys_.count(own.key(row.text));
                        return true;
                      })
                .rows;
    left_out += found;
  });
  left_out_ = left_out;
  if (rows > 0 && left_out_ == rows) {
    io::throw_input("has no row whose text is not in the test set", source.inputs().front().name);
  }
}

std::string WithoutRows::sha256() const {
  if (left_out_ == 0) return source_.sha256();
  return archive::sha256_hex(source_.sha256() + " without " + others_sha256_);
}

corpus::PartitionSummary WithoutRows::read(std::size_t partition, const Visit& visit) const {
  features::RowKeys keys;
  std::uint64_t left_out = 0;
  corpus::PartitionSummary summary = source_.read(partition, [&](const corpus::Example& row) {
    if (keys_.contains(keys.key(row.text))) {
      ++left_out;
      return true;
    }
    return visit(row);
  });
  summary.rows -= left_out;
  return summary;
}

}  // namespace textlambda::retrain
