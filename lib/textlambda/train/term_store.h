// Where the counted n-grams of a corpus are: in large pages of memory as far as the memory plan has room, else in a
// file. A store is shared by the blocks that have something in it. Thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "textlambda/io/scratch_file.h"
#include "textlambda/train/matrix_memory.h"
#include "textlambda/train/memory_plan.h"

namespace textlambda::train {

// Grows without zeros in the new places: they are written at once.
template <typename T>
struct UnfilledAllocator : std::allocator<T> {
  template <typename U>
  void construct(U*) {}
  template <typename U, typename... Values>
  void construct(U* element, Values&&... values) {
    std::construct_at(element, std::forward<Values>(values)...);
  }
};

template <typename T>
using UnfilledVector = std::vector<T, UnfilledAllocator<T>>;

class TermStore {
 public:
  explicit TermStore(std::shared_ptr<MemoryPlan> plan) : plan_(std::move(plan)) {}
  TermStore(const TermStore&) = delete;
  TermStore& operator=(const TermStore&) = delete;
  ~TermStore() { free_memory(); }

  // Room for so many bytes, aligned for numbers of 32 bits; null where there is none in memory.
  std::byte* allocate(std::size_t bytes);
  // What was allocated is gone.
  void free_memory();
  // Opened by the first that asks.
  io::ScratchFile& file();

 private:
  std::shared_ptr<MemoryPlan> plan_;
  std::mutex mutex_;
  std::vector<MatrixVector<std::byte>> slabs_;
  std::size_t used_ = 0;  // of the last slab
  std::optional<io::ScratchFile> file_;
};

// The terms of a block and their counts, once they are complete.
class StoredTerms {
 public:
  StoredTerms() = default;
  StoredTerms(std::shared_ptr<TermStore> store, std::span<const std::uint32_t> terms,
              std::span<const std::uint8_t> counts);

  bool exists() const { return store_ != nullptr; }
  std::size_t size() const { return size_; }
  bool in_memory() const { return memory_ != nullptr || size_ == 0; }
  // Where they are in memory.
  std::uint32_t* terms() const { return reinterpret_cast<std::uint32_t*>(memory_); }
  std::uint8_t* counts() const { return reinterpret_cast<std::uint8_t*>(memory_ + room_ * sizeof(std::uint32_t)); }

  // Where they are in a file: brought from there, and replaced by the first `size` of what was changed.
  void read(UnfilledVector<std::uint32_t>& terms, UnfilledVector<std::uint8_t>& counts) const;
  void replace(std::span<const std::uint32_t> terms, std::span<const std::uint8_t> counts);
  // Where they are in memory: the first so many are left.
  void shrink(std::size_t size) { size_ = size; }
  // From memory to the file; the store may then free it.
  void move_to_file();
  TermStore* store() const { return store_.get(); }

 private:
  void append_to_file(std::span<const std::uint32_t> terms, std::span<const std::uint8_t> counts);

  std::shared_ptr<TermStore> store_;
  std::byte* memory_ = nullptr;
  std::uint64_t offset_ = 0;  // in the file
  std::size_t room_ = 0;      // terms there is room for
  std::size_t size_ = 0;
};

}  // namespace textlambda::train
