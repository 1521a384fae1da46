#include "textlambda/emulator/billing.h"

#include <algorithm>

namespace textlambda::emulator {

std::chrono::milliseconds billed_duration(std::chrono::nanoseconds duration, std::chrono::nanoseconds init) {
  using std::chrono::milliseconds;
  return std::max(milliseconds(1), std::chrono::ceil<milliseconds>(duration + init));
}

}  // namespace textlambda::emulator
