// Memory for large arrays that are read at random places: it begins at a cache line, and the system is asked to back it
// with huge pages, so that fewer reads wait for the page tables. It is zero without being written to, so that the
// threads that fill it are those that wait for the system to find the pages.
#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <utility>
#include <vector>

namespace textlambda::train {

// At least `bytes`, all zero; throws std::bad_alloc. Smaller arrays than a huge page begin at a cache line only.
void* allocate_matrix(std::size_t bytes);
void free_matrix(void* memory, std::size_t bytes);

// For std::vector.
template <typename T>
struct MatrixAllocator {
  using value_type = T;

  MatrixAllocator() = default;
  template <typename U>
  MatrixAllocator(const MatrixAllocator<U>&) {}  // NOLINT(google-explicit-constructor): what allocators do

  T* allocate(std::size_t count) {
    if (count > static_cast<std::size_t>(-1) / sizeof(T)) throw std::bad_array_new_length();
    return static_cast<T*>(allocate_matrix(count * sizeof(T)));
  }
  // Elements made without a value keep the zeros they are. A vector that has shrunk must not grow again.
  template <typename U>
  void construct(U*) {}
  template <typename U, typename... Values>
  void construct(U* element, Values&&... values) {
    std::construct_at(element, std::forward<Values>(values)...);
  }

  void deallocate(T* memory, std::size_t count) { free_matrix(memory, count * sizeof(T)); }

  friend bool operator==(const MatrixAllocator&, const MatrixAllocator&) { return true; }
};

template <typename T>
using MatrixVector = std::vector<T, MatrixAllocator<T>>;

}  // namespace textlambda::train
