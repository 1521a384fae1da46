// Everything that a simulated schedule leaves to chance, as a list of small numbers: drawn by Philox from a seed, so
// that they are the same on every machine, or given, to see the same schedule again. 0 is always the tamest choice, so
// that a list is simpler the more of it is 0 or missing. Not thread-safe.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "textlambda/stats/philox.h"

namespace textlambda::sources {

class Choices {
 public:
  // Draws those of schedule `number`; each schedule of a seed has a stream of its own.
  Choices(std::uint64_t seed, std::uint64_t number) : random_(seed, number) {}
  // Makes these, and 0 once they run out.
  explicit Choices(std::vector<std::uint32_t> given) : random_(0, 0), given_(std::move(given)), is_given_(true) {}

  // Draws those of another schedule. Keeps its memory.
  void restart(std::uint64_t seed, std::uint64_t number) {
    random_ = stats::PhiloxStream(seed, number);
    is_given_ = false;
    made_.clear();
  }

  // From 0 to bound - 1; bound > 0.
  std::uint32_t choose(std::uint32_t bound) {
    std::uint32_t choice = 0;
    if (!is_given_) {
      choice = random_.below(bound);
    } else if (made_.size() < given_.size()) {
      choice = std::min(given_[made_.size()], bound - 1);
    }
    made_.push_back(choice);
    return choice;
  }

  const std::vector<std::uint32_t>& made() const { return made_; }

 private:
  stats::PhiloxStream random_;
  std::vector<std::uint32_t> given_;
  bool is_given_ = false;
  std::vector<std::uint32_t> made_;
};

}  // namespace textlambda::sources
