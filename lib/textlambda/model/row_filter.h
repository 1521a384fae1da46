// The rows a model was trained on, as a filter that answers "was this text among them?": never a false no, and a false
// yes once in 65,536 rows. 2.5 bytes a row; the rows themselves cannot be read back from it, though whoever guesses a
// text can ask. After Graf and Lemire, "Xor filters: faster and smaller than Bloom and cuckoo filters", ACM Journal of
// Experimental Algorithmics 25, 2020; docs/model-format.md gives the bytes.
//
// A view into a model file's bytes, which have to outlive it. Immutable, thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace textlambda::model {

class RowFilter {
 public:
  // The share of foreign rows that it takes for rows of its own.
  static constexpr double kFalsePositiveRate = 1.0 / 65536;

  // The filter's bytes for a set of features::row_hash() values, in any order and repeated as they like; empty for
  // none. The same set gives the same bytes.
  static std::string build(std::vector<std::uint64_t> row_hashes);

  // Why the bytes are no filter; nullptr where they are one, or are empty.
  static const char* find_flaw(std::string_view bytes);

  RowFilter() = default;
  // `bytes`: without a flaw, 8-byte aligned.
  explicit RowFilter(std::string_view bytes);

  // False where the model keeps no filter.
  bool present() const { return rows_ > 0; }
  // Different rows in it.
  std::uint64_t rows() const { return rows_; }
  bool contains(std::uint64_t row_hash) const;

 private:
  std::uint64_t seed_ = 0;
  std::uint32_t rows_ = 0;
  std::uint32_t block_length_ = 0;
  std::span<const std::uint16_t> fingerprints_;  // three blocks
};

}  // namespace textlambda::model
