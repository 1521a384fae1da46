// Two models on the same traffic: whose label is it, text by text. A plain accumulator; not thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "textlambda/replay/replayer.h"
#include "textlambda/stats/interval.h"

namespace textlambda::replay {

struct Flip {
  std::string file;
  std::uint64_t line = 0;
  std::size_t record = 0;  // from 0
  std::string from;        // the other model's label
  std::string to;
  float from_confidence = 0;
  float to_confidence = 0;
};

class Shadow {
 public:
  // An event that both have answered; any other counts nothing.
  void add(const Replayed& replayed);

  std::uint64_t texts() const { return texts_; }  // classified by both
  std::uint64_t flipped() const { return flipped_; }
  double flip_share() const;
  // Share of texts with the same label, and Wilson's 95 % interval for it.
  double agreement() const { return 1 - flip_share(); }
  stats::Interval agreement_interval() const;

  // The model's confidence less the other's, over all texts.
  double mean_shift() const;
  double mean_absolute_shift() const;
  double largest_absolute_shift() const { return largest_shift_; }
  std::uint64_t newly_abstained() const { return newly_abstained_; }
  std::uint64_t no_longer_abstained() const { return no_longer_abstained_; }
  // Texts that only one of the two could classify.
  std::uint64_t unmatched() const { return unmatched_; }

  // (from, to) → how often.
  const std::map<std::pair<std::string, std::string>, std::uint64_t>& table() const { return table_; }
  // The first kMaxListed, in order.
  const std::vector<Flip>& flips() const { return flips_; }

  static constexpr std::size_t kMaxListed = 100'000;

 private:
  std::uint64_t texts_ = 0;
  std::uint64_t flipped_ = 0;
  std::uint64_t newly_abstained_ = 0;
  std::uint64_t no_longer_abstained_ = 0;
  std::uint64_t unmatched_ = 0;
  double shift_sum_ = 0;
  double absolute_shift_sum_ = 0;
  double largest_shift_ = 0;
  std::map<std::pair<std::string, std::string>, std::uint64_t> table_;
  std::vector<Flip> flips_;
};

}  // namespace textlambda::replay
