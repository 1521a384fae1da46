// How many lines, or rows, come before each partition of an input: known only once those before it are counted, which
// readers do in any order. Thread-safe once all partitions are appended; a count that two threads find out at the same
// time is the same.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <utility>
#include <vector>

namespace textlambda::corpus {

class RunningCount {
 public:
  // `count(partition)` counts where set() did not tell. Thread-safe.
  explicit RunningCount(std::function<std::uint64_t(std::size_t)> count) : count_(std::move(count)) {}

  // The next partition. `append_first`: it starts at a known count, not where the one before it ends.
  void append() { entries_.emplace_back(); }
  void append_first(std::uint64_t before) { entries_.emplace_back().before = before; }

  void set(std::size_t partition, std::uint64_t own) const { entries_[partition].own = own; }

  std::uint64_t before(std::size_t partition) const {
    std::size_t known = partition;
    while (entries_[known].before == kUnknown) --known;
    for (; known < partition; ++known) entries_[known + 1].before = entries_[known].before + own(known);
    return entries_[partition].before;
  }

  // Before the partition that would come next.
  std::uint64_t total() const { return entries_.empty() ? 0 : before(entries_.size() - 1) + own(entries_.size() - 1); }

 private:
  static constexpr std::uint64_t kUnknown = std::numeric_limits<std::uint64_t>::max();

  struct Entry {
    std::atomic<std::uint64_t> own = kUnknown;
    std::atomic<std::uint64_t> before = kUnknown;

    Entry() = default;
    Entry(Entry&& other) noexcept : own(other.own.load()), before(other.before.load()) {}
    Entry& operator=(Entry&&) = delete;
  };

  std::uint64_t own(std::size_t partition) const {
    if (entries_[partition].own == kUnknown) entries_[partition].own = count_(partition);
    return entries_[partition].own;
  }

  std::function<std::uint64_t(std::size_t)> count_;
  mutable std::vector<Entry> entries_;
};

}  // namespace textlambda::corpus
