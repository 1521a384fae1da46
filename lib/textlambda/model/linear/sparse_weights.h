// Which labels a feature has weights for, where there are many labels and most weights are next to nothing: a view into
// a file's bytes, and how they are made. docs/model-format.md gives the bytes.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "textlambda/model/format.h"

namespace textlambda::model::linear {

class SparseWeights {
 public:
  SparseWeights() = default;
  // Bytes that find_flaw() finds nothing wrong with.
  SparseWeights(format::WeightLayout layout, std::size_t feature_count, std::size_t label_count,
                std::span<const std::uint32_t> bases, std::string_view places, std::string_view levels);

  // What is wrong with such bytes; nullptr where they are sound: then no visit leaves them, or the labels.
  static const char* find_flaw(format::WeightLayout layout, std::size_t feature_count, std::size_t label_count,
                               std::span<const std::uint32_t> bases, std::string_view places, std::string_view levels);

  bool empty() const { return layout_ == format::WeightLayout::rows; }

  // Calls visit(label, level) for each weight of a feature, by rising label.
  template <typename Visit>
  void for_each(std::uint32_t feature, Visit&& visit) const {
    const std::int8_t* level = levels_ + first(feature);
    if (layout_ == format::WeightLayout::gaps) {
      const std::uint8_t* gap = gaps_ + (level - levels_);
      const std::uint8_t* const end = gap + counts_[feature];
      std::size_t label = static_cast<std::size_t>(-1);
      for (; gap != end; ++gap, ++level) {
        label += *gap;
        if (*level != 0) visit(label, *level);
      }
      return;
    }
    const char* const row = bitmaps_ + feature * row_bytes_;
    for (std::size_t byte = 0; byte < row_bytes_; byte += sizeof(std::uint64_t)) {
      for (std::uint64_t bits = load(row, byte, row_bytes_); bits != 0; bits &= bits - 1) {
        visit(byte * 8 + static_cast<std::size_t>(std::countr_zero(bits)), *level++);
      }
    }
  }

 private:
  // Up to eight bytes of a row of bitmaps from `byte` on.
  static std::uint64_t load(const char* row, std::size_t byte, std::size_t row_bytes) {
    std::uint64_t bits = 0;
    std::memcpy(&bits, row + byte, std::min(sizeof bits, row_bytes - byte));
    return bits;
  }
  // The place of a feature's first level.
  std::size_t first(std::uint32_t feature) const {
    const std::uint32_t base = feature / format::kFeaturesPerWeightBase * format::kFeaturesPerWeightBase;
    std::size_t place = bases_[feature / format::kFeaturesPerWeightBase];
    if (layout_ == format::WeightLayout::gaps) {
      for (std::uint32_t before = base; before < feature; ++before) place += counts_[before];
      return place;
    }
    // The rows before it stand together: their bits are counted eight bytes at a time.
    const std::size_t bytes = (feature - base) * row_bytes_;
    const char* const rows = bitmaps_ + base * row_bytes_;
    for (std::size_t byte = 0; byte < bytes; byte += sizeof(std::uint64_t)) {
      place += static_cast<std::size_t>(std::popcount(load(rows, byte, bytes)));
    }
    return place;
  }

  format::WeightLayout layout_ = format::WeightLayout::rows;
  std::span<const std::uint32_t> bases_;
  const std::uint16_t* counts_ = nullptr;  // gaps: a feature
  const std::uint8_t* gaps_ = nullptr;     // gaps: a level
  const char* bitmaps_ = nullptr;          // bitmaps: row_bytes_ a feature
  std::size_t row_bytes_ = 0;
  const std::int8_t* levels_ = nullptr;
};

// The sections of a sparse layout.
struct SparseBytes {
  format::WeightLayout layout = format::WeightLayout::rows;  // rows: none is worth it
  std::vector<std::uint32_t> bases;
  std::string places;
  std::string levels;
};

// Levels of some labels of each feature, in the order of the file.
struct ListedLevels {
  std::vector<std::size_t> ends;      // a feature: of its levels
  std::vector<std::uint32_t> labels;  // a level: rising within a feature
  std::vector<std::int8_t> levels;
};

// A level below 3 % of a feature's largest is left out. Throws Error(input_output) where what stays is more than a
// file's bases can count.
SparseBytes leave_out_small(const ListedLevels& levels, std::size_t label_count);

// `levels`: features × label_count, in the order of the file. A level below 3 % of a feature's largest is left out.
// None where that would not save a third of the bytes.
SparseBytes leave_out_small(std::string_view levels, std::size_t feature_count, std::size_t label_count);

}  // namespace textlambda::model::linear
