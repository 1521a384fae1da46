// Counts equal 32-bit terms of one document. Keeps its memory from one document to the next. Not thread-safe.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "textlambda/features/options.h"

namespace textlambda::features {

class TermCounter {
 public:
  struct Term {
    std::uint32_t id;
    std::uint32_t count;  // at most kMaxTermFrequency
  };

  // Forgets all terms. `expected` distinct ones are a hint for the table's size, not a limit.
  void reset(std::size_t expected) {
    terms_.clear();
    resize(std::bit_ceil(std::max<std::size_t>(expected * 2, 64)));
  }

  void add(std::uint32_t id) {
    std::size_t slot = (id * 0x9E3779B1U) >> shift_;
    for (;;) {
      const Slot found = slots_[slot];
      if (found.epoch != epoch_) break;
      Term& term = terms_[found.term];
      if (term.id == id) {
        term.count += static_cast<std::uint32_t>(term.count < kMaxTermFrequency);
        return;
      }
      slot = (slot + 1) & mask_;
    }
    slots_[slot] = {epoch_, static_cast<std::uint32_t>(terms_.size())};
    terms_.push_back({id, 1});
    if (terms_.size() * 2 > mask_) grow();
  }

  // In the order of first occurrence.
  const std::vector<Term>& terms() const { return terms_; }

 private:
  struct Slot {
    std::uint32_t epoch;
    std::uint32_t term;
  };

  void resize(std::size_t capacity) {
    if (slots_.size() < capacity) slots_.resize(capacity);
    mask_ = capacity - 1;
    shift_ = 32U - static_cast<unsigned>(std::countr_zero(capacity));
    if (++epoch_ == 0) {  // the counter went round: old marks could pass for new ones
      std::fill(slots_.begin(), slots_.end(), Slot{0, 0});
      epoch_ = 1;
    }
  }

  void grow() {
    resize((mask_ + 1) * 2);
    for (std::size_t term = 0; term < terms_.size(); ++term) {
      std::size_t slot = (terms_[term].id * 0x9E3779B1U) >> shift_;
      while (slots_[slot].epoch == epoch_) slot = (slot + 1) & mask_;
      slots_[slot] = {epoch_, static_cast<std::uint32_t>(term)};
    }
  }

  std::vector<Term> terms_;
  std::vector<Slot> slots_;
  std::size_t mask_ = 0;
  unsigned shift_ = 32;
  std::uint32_t epoch_ = 0;
};

}  // namespace textlambda::features
