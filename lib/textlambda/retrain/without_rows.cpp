#include "textlambda/retrain/without_rows.h"

#include <utility>

#include "textlambda/encoding/sha256.h"
#include "textlambda/features/row_key.h"
#include "textlambda/io/error.h"

namespace textlambda::retrain {

WithoutRows::WithoutRows(const corpus::RowSource& source, const corpus::RowSource& others, const io::Executor& executor)
    : source_(source), others_sha256_(others.sha256()), left_out_(source.partition_count()) {
  std::vector<std::vector<std::uint64_t>> found(others.partition_count());
  executor.run(found.size(), [&](std::size_t partition, unsigned) {
    features::RowKeys keys;
    others.read(partition, [&](const corpus::Example& row) {
      found[partition].push_back(keys.key(row.text));
      return true;
    });
  });
  for (const std::vector<std::uint64_t>& keys : found) keys_.insert(keys.begin(), keys.end());
  bool any = false;
  bool stays = false;
  for (std::size_t partition = 0; partition < source.partition_count() && !stays; ++partition) {
    find(partition, [&](const corpus::Example&) {
      stays = true;
      return false;
    });
    any = any || stays || !known(partition)->empty();
  }
  if (any && !stays) io::throw_input("has no row whose text is not in the test set", source.inputs().front().name);
}

std::shared_ptr<const WithoutRows::Rows> WithoutRows::known(std::size_t partition) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return left_out_[partition];
}

std::uint64_t WithoutRows::left_out() const {
  std::uint64_t count = 0;
  for (std::size_t partition = 0; partition < left_out_.size(); ++partition) {
    if (known(partition) == nullptr) find(partition, [](const corpus::Example&) { return true; });
    count += known(partition)->size();
  }
  return count;
}

std::string WithoutRows::sha256() const {
  if (left_out() == 0) return source_.sha256();
  return encoding::sha256_hex(source_.sha256() + " without " + others_sha256_);
}

// By the texts; what was found is kept where the partition was read to its end.
corpus::PartitionSummary WithoutRows::find(std::size_t partition, const Visit& visit) const {
  features::RowKeys keys;
  auto rows = std::make_shared<Rows>();
  bool to_the_end = true;
  corpus::PartitionSummary summary = source_.read(partition, [&](const corpus::Example& row) {
    if (!keys_.contains(keys.key(row.text))) return to_the_end = visit(row);
    rows->push_back(row.row);
    return true;
  });
  summary.rows -= rows->size();
  if (to_the_end) {
    const std::lock_guard<std::mutex> lock(mutex_);
    left_out_[partition] = std::move(rows);
  }
  return summary;
}

corpus::PartitionSummary WithoutRows::read(std::size_t partition, const Visit& visit) const {
  const std::shared_ptr<const Rows> rows = known(partition);
  if (rows == nullptr) return find(partition, visit);
  std::size_t next = 0;
  corpus::PartitionSummary summary = source_.read(partition, [&](const corpus::Example& row) {
    if (next == rows->size() || (*rows)[next] != row.row) return visit(row);
    ++next;
    return true;
  });
  summary.rows -= next;
  return summary;
}

}  // namespace textlambda::retrain
