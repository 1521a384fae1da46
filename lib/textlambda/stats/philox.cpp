#include "textlambda/stats/philox.h"

namespace textlambda::stats {

void PhiloxStream::refill() {
  // Lanes side by side, so that the compiler can put the rounds of several blocks into one vector.
  constexpr std::size_t kLanes = kBuffered / 4;
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    const std::uint64_t block = block_ + lane;
    const PhiloxBlock numbers = philox({static_cast<std::uint32_t>(block), static_cast<std::uint32_t>(block >> 32),
                                        static_cast<std::uint32_t>(stream_), static_cast<std::uint32_t>(stream_ >> 32)},
                                       key_);
    for (std::size_t i = 0; i < 4; ++i) buffer_[lane * 4 + i] = numbers[i];
  }
  block_ += kLanes;
  used_ = 0;
}

}  // namespace textlambda::stats
