#include "textlambda/train/memory_plan.h"

#include <algorithm>
#include <limits>
#include <string>

#include "textlambda/io/error.h"
#include "textlambda/text/count.h"

namespace textlambda::train {
namespace {

// For what is not reckoned up, and for what the heap loses between its pieces.
std::size_t with_slack(std::size_t bytes) { return bytes + bytes / 8 + (std::size_t{16} << 20); }

std::string mebibytes(std::size_t bytes) { return text::grouped((bytes + (std::size_t{1} << 20) - 1) >> 20) + " MiB"; }

}  // namespace

void MemoryPlan::require(std::size_t bytes, double share) {
  if (!is_limited()) return;
  const std::size_t needed = limit_.present + with_slack(bytes);
  if (needed > limit_.bytes && limit_.is_binding) {
    io::throw_usage(limit_.name + ": " + mebibytes(limit_.bytes) + " given, this corpus takes at least " +
                    mebibytes(needed));
  }
  room_ = static_cast<std::size_t>(share * static_cast<double>(limit_.bytes - std::min(limit_.bytes, needed)));
}

bool MemoryPlan::take(std::size_t bytes) {
  if (!is_limited()) return true;
  std::size_t taken = taken_.load(std::memory_order_relaxed);
  do {
    if (bytes > room_ || taken > room_ - bytes) return false;
  } while (!taken_.compare_exchange_weak(taken, taken + bytes, std::memory_order_relaxed));
  return true;
}

void MemoryPlan::give_back(std::size_t bytes) {
  if (is_limited()) taken_.fetch_sub(bytes, std::memory_order_relaxed);
}

std::size_t MemoryPlan::left() const {
  if (!is_limited()) return std::numeric_limits<std::size_t>::max();
  const std::size_t room = room_;
  return room - std::min<std::size_t>(room, taken_);
}

}  // namespace textlambda::train
