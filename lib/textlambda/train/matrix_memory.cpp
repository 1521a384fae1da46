#include "textlambda/train/matrix_memory.h"

#include <sys/mman.h>

namespace textlambda::train {
namespace {

constexpr std::size_t kCacheLine = 64;
constexpr std::size_t kHugePage = std::size_t{2} << 20;

std::align_val_t alignment_of(std::size_t bytes) {
  return std::align_val_t{bytes >= kHugePage ? kHugePage : kCacheLine};
}

}  // namespace

void* allocate_matrix(std::size_t bytes) {
  void* memory = ::operator new(bytes, alignment_of(bytes));
#if defined(MADV_HUGEPAGE)
  // Whole huge pages only: the rest of the last one would be memory in use for nothing. A refusal costs speed alone.
  if (bytes >= kHugePage) madvise(memory, bytes / kHugePage * kHugePage, MADV_HUGEPAGE);
#endif
  return memory;
}

void free_matrix(void* memory, std::size_t bytes) { ::operator delete(memory, alignment_of(bytes)); }

}  // namespace textlambda::train
