#include "textlambda/features/term_counter.h"

#include <sys/auxv.h>

#include <cstring>

namespace textlambda::features {

std::uint32_t table_multiplier() {
  static const std::uint32_t multiplier = [] {
    std::uint32_t random = 0;
    // 16 random bytes that the kernel gives each process: no system call, which a cold start would wait for.
    if (const unsigned long bytes = ::getauxval(AT_RANDOM); bytes != 0) {
      // NOLINTNEXTLINE(performance-no-int-to-ptr): an address is what it is
      std::memcpy(&random, reinterpret_cast<const void*>(bytes), sizeof random);
    }
    return (random ^ 0x9E3779B1U) | 1U;
  }();
  return multiplier;
}

}  // namespace textlambda::features
