#include "textlambda/train/fit/kernels.h"

namespace textlambda::train {

namespace baseline {
extern const Kernels kKernels;
}
#if defined(__x86_64__)
namespace avx2 {
extern const Kernels kKernels;
}
#endif

std::size_t all_kernels(NamedKernels (&list)[2]) {
  list[0] = {"baseline", &baseline::kKernels};
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2") != 0) {
    list[1] = {"avx2", &avx2::kKernels};
    return 2;
  }
#endif
  return 1;
}

const Kernels& kernels() {
  static const Kernels& chosen = []() -> const Kernels& {
    NamedKernels list[2] = {};
    return *list[all_kernels(list) - 1].kernels;
  }();
  return chosen;
}

}  // namespace textlambda::train
