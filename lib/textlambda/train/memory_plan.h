// How much memory a training may take, and who has it: what grows with the corpus, n-grams counted and vectors, stays
// in memory as far as there is room and goes to files without a name beyond it (io/scratch_file.h). No result depends
// on it. Thread-safe.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>

namespace textlambda::train {

struct MemoryLimit {
  std::size_t bytes = 0;    // that the process may take; 0: no limit
  std::size_t present = 0;  // those that it had before
  std::string name;         // what says so, for messages
  bool is_binding = true;   // false: what is reckoned to take more is tried all the same
};

class MemoryPlan {
 public:
  // No limit.
  MemoryPlan() = default;
  explicit MemoryPlan(MemoryLimit limit) : limit_(std::move(limit)) {}

  bool is_limited() const { return limit_.bytes > 0; }

  // Says what cannot go to a file, altogether; of the rest, take() gives at most `share`. Throws Error(usage) where
  // that alone is more than there may be, with what it would take; where the limit is not binding, take() gives
  // nothing.
  void require(std::size_t bytes, double share = 1);
  // Whether more is taken than is left for it now.
  bool is_overdrawn() const { return taken_ > room_ && is_limited(); }

  // Whether so many further bytes may stay in memory; they are taken until they are given back.
  bool take(std::size_t bytes);
  void give_back(std::size_t bytes);
  // What take() would still give; a great deal where there is no limit.
  std::size_t left() const;

 private:
  MemoryLimit limit_;
  std::atomic<std::size_t> room_{0};  // for what may go to a file
  std::atomic<std::size_t> taken_{0};
};

// Bytes that a plan has given, until they are given back with this.
class MemoryShare {
 public:
  MemoryShare() = default;
  MemoryShare(std::shared_ptr<MemoryPlan> plan, std::size_t bytes) : plan_(std::move(plan)), bytes_(bytes) {}
  MemoryShare(MemoryShare&& other) noexcept : plan_(std::move(other.plan_)), bytes_(std::exchange(other.bytes_, 0)) {}
  MemoryShare& operator=(MemoryShare&& other) noexcept {
    std::swap(plan_, other.plan_);
    std::swap(bytes_, other.bytes_);
    return *this;
  }
  MemoryShare(const MemoryShare&) = delete;
  MemoryShare& operator=(const MemoryShare&) = delete;
  ~MemoryShare() {
    if (plan_ != nullptr) plan_->give_back(bytes_);
  }

 private:
  std::shared_ptr<MemoryPlan> plan_;
  std::size_t bytes_ = 0;
};

}  // namespace textlambda::train
