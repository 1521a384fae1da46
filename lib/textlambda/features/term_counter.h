// Counts equal 32-bit terms of one document. Keeps its memory from one document to the next. Not thread-safe.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "textlambda/features/options.h"

namespace textlambda::features {

// Odd, another one in each process: what shares a stretch of the table cannot be worked out beforehand, so that no text
// makes counting quadratic (multiplicative hashing with a random multiplier is universal: Dietzfelbinger and others, "A
// reliable randomized algorithm for the closest-pair problem", 1997). No result depends on it.
std::uint32_t table_multiplier();

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
    std::size_t slot = slot_of(id);
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

  std::size_t slot_of(std::uint32_t id) const { return (id * multiplier_) >> shift_; }

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
      std::size_t slot = slot_of(terms_[term].id);
      while (slots_[slot].epoch == epoch_) slot = (slot + 1) & mask_;
      slots_[slot] = {epoch_, static_cast<std::uint32_t>(term)};
    }
  }

  std::vector<Term> terms_;
  std::vector<Slot> slots_;
  std::size_t mask_ = 0;
  unsigned shift_ = 32;
  std::uint32_t epoch_ = 0;
  std::uint32_t multiplier_ = table_multiplier();
};

}  // namespace textlambda::features
