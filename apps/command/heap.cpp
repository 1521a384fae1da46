#include "command/heap.h"

#include <malloc.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include <cstdint>
#include <cstdlib>

#include <climits>

namespace textlambda::command {
#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
namespace {

constexpr std::size_t kHugePage = std::size_t{2} << 20;

bool is_address_space_limited() {
  rlimit limit{};
  return ::getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur != RLIM_INFINITY;
}

}  // namespace

void keep_heap() {
  constexpr int kGrowth = 16 << 20;
  constexpr std::size_t kAhead = std::size_t{512} << 20;
  if (is_address_space_limited()) return;
  ::mallopt(M_MMAP_MAX, 0);  // a mapping of its own is unmapped when it is freed
  ::mallopt(M_TRIM_THRESHOLD, INT_MAX);
  ::mallopt(M_TOP_PAD, kGrowth);
  ::mallopt(M_ARENA_MAX, 1);
  // The heap's next bytes, taken and given back untouched: the advice stays with their addresses.
  void* const ahead = std::malloc(kAhead);
  if (ahead == nullptr) return;
  const auto begin = (reinterpret_cast<std::uintptr_t>(ahead) + kHugePage - 1) / kHugePage * kHugePage;
  const auto end = (reinterpret_cast<std::uintptr_t>(ahead) + kAhead) / kHugePage * kHugePage;
  if (begin < end)
    ::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_HUGEPAGE);  // NOLINT(performance-no-int-to-ptr)
  std::free(ahead);
}
#else
void keep_heap() {}
#endif

}  // namespace textlambda::command
