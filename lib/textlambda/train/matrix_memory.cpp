#include "textlambda/train/matrix_memory.h"

#include <sys/mman.h>

#include <cstdint>
#include <cstring>

namespace textlambda::train {
namespace {

constexpr std::size_t kCacheLine = 64;
constexpr std::size_t kHugePage = std::size_t{2} << 20;

std::size_t whole_pages(std::size_t bytes) { return (bytes + kHugePage - 1) / kHugePage * kHugePage; }

// Mapped with room to begin at a huge page; what lies before and behind is given back.
void* map_pages(std::size_t bytes) {
  const std::size_t wanted = whole_pages(bytes);
  void* const mapped =
      mmap(nullptr, wanted + kHugePage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (mapped == MAP_FAILED) throw std::bad_alloc();
  char* const first = static_cast<char*>(mapped);
  const std::size_t before = (kHugePage - reinterpret_cast<std::uintptr_t>(first) % kHugePage) % kHugePage;
  if (before > 0) munmap(first, before);
  munmap(first + before + wanted, kHugePage - before);
#if defined(MADV_HUGEPAGE)
  // Whole huge pages only: the rest of the last one would be memory in use for nothing. A refusal costs speed alone.
  madvise(first + before, bytes / kHugePage * kHugePage, MADV_HUGEPAGE);
#endif
  return first + before;
}

}  // namespace

void* allocate_matrix(std::size_t bytes) {
  if (bytes >= kHugePage) return map_pages(bytes);
  void* const memory = ::operator new (bytes, std::align_val_t{kCacheLine});
  std::memset(memory, 0, bytes);
  return memory;
}

void free_matrix(void* memory, std::size_t bytes) {
  if (bytes >= kHugePage) {
    munmap(memory, whole_pages(bytes));
  } else {
    ::operator delete (memory, std::align_val_t{kCacheLine});
  }
}

}  // namespace textlambda::train
