#include "textlambda/model/linear/sparse_weights.h"

#include <algorithm>
#include <cstdlib>

#include "textlambda/io/error.h"

namespace textlambda::model::linear {
namespace {

using format::WeightLayout;

constexpr int kLeastLevel = 4;  // of 127, which the largest of a feature has: 3 %
constexpr std::size_t kLargestGap = 255;
constexpr std::size_t kMostCounted = 65535;

std::size_t bitmap_bytes(std::size_t label_count) { return (label_count + 7) / 8; }

std::size_t base_count(std::size_t feature_count) {
  return (feature_count + format::kFeaturesPerWeightBase - 1) / format::kFeaturesPerWeightBase;
}

// A feature's levels for all labels.
class FullRows {
 public:
  FullRows(std::string_view levels, std::size_t label_count) : levels_(levels), label_count_(label_count) {}
  std::size_t size() const { return levels_.size() / label_count_; }

  // Calls visit(label, level) for the levels of a feature that stay.
  template <typename Visit>
  void for_each_kept(std::size_t feature, Visit&& visit) const {
    const std::string_view row = levels_.substr(feature * label_count_, label_count_);
    for (std::size_t label = 0; label < row.size(); ++label) {
      const auto level = static_cast<std::int8_t>(row[label]);
      if (std::abs(level) >= kLeastLevel) visit(label, level);
    }
  }

 private:
  std::string_view levels_;
  std::size_t label_count_;
};

// The same of levels that are listed.
class ListedRows {
 public:
  explicit ListedRows(const ListedLevels& levels) : levels_(levels) {}
  std::size_t size() const { return levels_.ends.size(); }

  template <typename Visit>
  void for_each_kept(std::size_t feature, Visit&& visit) const {
    for (std::size_t at = feature == 0 ? 0 : levels_.ends[feature - 1]; at < levels_.ends[feature]; ++at) {
      if (std::abs(levels_.levels[at]) >= kLeastLevel) visit(std::size_t{levels_.labels[at]}, levels_.levels[at]);
    }
  }

 private:
  const ListedLevels& levels_;
};

struct Sizes {
  std::size_t levels = 0;
  std::size_t gaps = 0;  // steps over more labels than a gap can say among them
  std::size_t longest_row = 0;
};

template <typename Rows>
Sizes count(const Rows& rows) {
  Sizes sizes;
  for (std::size_t feature = 0; feature < rows.size(); ++feature) {
    std::size_t next = 0;  // label
    std::size_t steps = 0;
    rows.for_each_kept(feature, [&](std::size_t label, std::int8_t) {
      ++sizes.levels;
      steps += 1 + (label - next) / kLargestGap;
      next = label + 1;
    });
    sizes.gaps += steps;
    sizes.longest_row = std::max(sizes.longest_row, steps);
  }
  return sizes;
}

template <typename Rows>
void append_gaps(const Rows& rows, std::size_t feature, std::string& gaps, std::string& levels) {
  std::size_t next = 0;
  rows.for_each_kept(feature, [&](std::size_t label, std::int8_t level) {
    std::size_t gap = label - next + 1;
    for (; gap > kLargestGap; gap -= kLargestGap) {
      gaps += static_cast<char>(kLargestGap);
      levels += '\0';
    }
    gaps += static_cast<char>(gap);
    levels += static_cast<char>(level);
    next = label + 1;
  });
}

template <typename Rows>
void append_bitmap(const Rows& rows, std::size_t feature, std::size_t row_bytes, std::string& bitmaps,
                   std::string& levels) {
  const std::size_t begin = bitmaps.size();
  bitmaps.append(row_bytes, '\0');
  rows.for_each_kept(feature, [&](std::size_t label, std::int8_t level) {
    char& byte = bitmaps[begin + label / 8];
    byte = static_cast<char>(static_cast<unsigned char>(byte) | 1U << label % 8);
    levels += static_cast<char>(level);
  });
}

struct LayoutBytes {
  std::size_t as_gaps = 0;
  std::size_t as_bitmaps = 0;
  bool gaps = false;  // take less, and can be counted
  std::size_t least() const { return gaps ? as_gaps : as_bitmaps; }
};

LayoutBytes layout_bytes(const Sizes& sizes, std::size_t feature_count, std::size_t label_count) {
  const std::size_t of_bases = base_count(feature_count) * sizeof(std::uint32_t);
  LayoutBytes bytes;
  bytes.as_gaps = 2 * sizes.gaps + feature_count * sizeof(std::uint16_t) + of_bases;
  bytes.as_bitmaps = sizes.levels + feature_count * bitmap_bytes(label_count) + of_bases;
  bytes.gaps = bytes.as_gaps < bytes.as_bitmaps && sizes.longest_row <= kMostCounted;
  return bytes;
}

template <typename Rows>
SparseBytes lay_out(const Rows& rows, std::size_t label_count, bool gaps) {
  SparseBytes bytes;
  bytes.layout = gaps ? WeightLayout::gaps : WeightLayout::bitmaps;
  std::string counts;
  for (std::size_t feature = 0; feature < rows.size(); ++feature) {
    if (feature % format::kFeaturesPerWeightBase == 0) {
      bytes.bases.push_back(static_cast<std::uint32_t>(bytes.levels.size()));
    }
    const std::size_t before = bytes.levels.size();
    if (gaps) {
      append_gaps(rows, feature, bytes.places, bytes.levels);
      const auto steps = static_cast<std::uint16_t>(bytes.levels.size() - before);
      counts.append(reinterpret_cast<const char*>(&steps), sizeof steps);
    } else {
      append_bitmap(rows, feature, bitmap_bytes(label_count), bytes.places, bytes.levels);
    }
  }
  bytes.places.insert(0, counts);
  return bytes;
}

// The gaps of one row: labels rise and stay below label_count.
bool is_sound_row(const std::uint8_t* gaps, const std::int8_t* levels, std::size_t count, std::size_t label_count) {
  std::size_t next = 0;
  for (std::size_t i = 0; i < count; ++i) {
    next += gaps[i];
    if (gaps[i] == 0 || next > label_count || (levels[i] == 0 && gaps[i] != kLargestGap)) return false;
  }
  return true;
}

}  // namespace

SparseWeights::SparseWeights(WeightLayout layout, std::size_t feature_count, std::size_t label_count,
                             std::span<const std::uint32_t> bases, std::string_view places, std::string_view levels)
    : layout_(layout),
      bases_(bases),
      counts_(reinterpret_cast<const std::uint16_t*>(places.data())),
      gaps_(reinterpret_cast<const std::uint8_t*>(places.data()) +
            (layout == WeightLayout::gaps ? feature_count * sizeof(std::uint16_t) : 0)),
      bitmaps_(places.data()),
      row_bytes_(bitmap_bytes(label_count)),
      levels_(reinterpret_cast<const std::int8_t*>(levels.data())) {}

const char* SparseWeights::find_flaw(WeightLayout layout, std::size_t feature_count, std::size_t label_count,
                                     std::span<const std::uint32_t> bases, std::string_view places,
                                     std::string_view levels) {
  const bool gaps = layout == WeightLayout::gaps;
  if (bases.size() != base_count(feature_count)) return "weight bases of the wrong size";
  const std::size_t expected =
      gaps ? feature_count * sizeof(std::uint16_t) + levels.size() : feature_count * bitmap_bytes(label_count);
  if (places.size() != expected) return "weight places of the wrong size";
  const SparseWeights weights(layout, feature_count, label_count, bases, places, levels);
  const unsigned beyond = label_count % 8 == 0 ? 0 : 0xFFU << label_count % 8 & 0xFFU;
  std::size_t place = 0;
  for (std::size_t feature = 0; feature < feature_count; ++feature) {
    if (feature % format::kFeaturesPerWeightBase == 0 && bases[feature / format::kFeaturesPerWeightBase] != place) {
      return "a weight base that is not true";
    }
    std::size_t count = 0;
    if (gaps) {
      count = weights.counts_[feature];
    } else {
      const std::string_view row = places.substr(feature * weights.row_bytes_, weights.row_bytes_);
      for (const char byte : row) count += static_cast<std::size_t>(std::popcount(static_cast<unsigned char>(byte)));
      if ((static_cast<unsigned char>(row.back()) & beyond) != 0) return "a weight of no label";
    }
    if (count > levels.size() - place) return "weights of the wrong size";
    if (gaps && !is_sound_row(weights.gaps_ + place, weights.levels_ + place, count, label_count)) {
      return "weights whose labels do not rise";
    }
    place += count;
  }
  return place == levels.size() ? nullptr : "weights of the wrong size";
}

SparseBytes leave_out_small(std::string_view levels, std::size_t feature_count, std::size_t label_count) {
  if (feature_count == 0 || label_count < 3) return {};
  const FullRows rows(levels, label_count);
  const Sizes sizes = count(rows);
  const LayoutBytes bytes = layout_bytes(sizes, feature_count, label_count);
  // What is left out is read more slowly: of ten labels, at a saving of a quarter, in 1.7 times the time. Bases are 32
  // bits.
  if (bytes.least() > levels.size() / 3 * 2 || sizes.gaps > UINT32_MAX) return {};
  return lay_out(rows, label_count, bytes.gaps);
}

SparseBytes leave_out_small(const ListedLevels& levels, std::size_t label_count) {
  const ListedRows rows(levels);
  const Sizes sizes = count(rows);
  const LayoutBytes bytes = layout_bytes(sizes, rows.size(), label_count);
  if ((bytes.gaps ? sizes.gaps : sizes.levels) > UINT32_MAX) io::throw_input("a model of more than 2^32 weights");
  return lay_out(rows, label_count, bytes.gaps);
}

}  // namespace textlambda::model::linear
