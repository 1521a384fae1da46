// The model file (.tlm) as it lies on disk: docs/model-format.md gives it byte by byte. All integers little-endian.
// Versions 1 to 3 are frozen: a change of anything here is a new version, and these go on being read. A file has the
// lowest version that can say what its model needs: an older reader reads what it can understand.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

namespace textlambda::model::format {

static_assert(std::endian::native == std::endian::little, "model files are used in place and are little-endian");

inline constexpr char kMagic[8] = {'\x89', 'T', 'L', 'M', '\r', '\n', '\x1A', '\n'};
inline constexpr std::uint32_t kOldestVersion = 1;
inline constexpr std::uint32_t kNewestVersion = 3;
inline constexpr std::uint32_t kNegationVersion = 2;  // adds Settings::negation_scope
inline constexpr std::uint32_t kSparseVersion = 3;    // adds Settings::weight_layout and two sections
inline constexpr std::size_t kAlignment = 64;

// A number stands for one kind of content, whichever kinds of model have it.
enum class SectionKind : std::uint32_t {
  settings = 1,
  labels = 2,
  index_bases = 3,
  index_ends = 4,
  remainders = 5,
  scales = 6,
  weights = 7,
  weight_scales = 8,
  bias = 9,
  stop_words = 10,
  strings = 11,
  card = 12,
  sketch = 13,
  row_filter = 14,
  weight_bases = 15,
  weight_places = 16,
};
inline constexpr std::uint32_t kSectionCount = 14;  // of versions 1 and 2, which know linear models alone
inline constexpr std::uint32_t kMostSections = 32;

struct Header {
  char magic[8];
  std::uint32_t version;
  std::uint32_t section_count;
  std::uint64_t file_size;
  std::uint64_t checksum;  // XXH3-64 of this header with checksum 0, followed by the section table
};
static_assert(sizeof(Header) == 32);

struct Section {
  std::uint32_t kind;
  std::uint32_t reserved;  // 0
  std::uint64_t offset;    // from the file's start, a multiple of kAlignment
  std::uint64_t size;      // bytes
  std::uint64_t checksum;  // XXH3-64 of those bytes
};
static_assert(sizeof(Section) == 32);

struct Settings {
  std::uint32_t label_count;
  std::uint32_t feature_count;
  std::uint32_t index_groups;       // groups of kBucketsPerGroup buckets
  std::uint32_t weights_per_scale;  // int8: how many features share a weight scale
  std::uint8_t hash_bits;
  std::uint8_t index_bits;
  std::uint8_t precision;
  std::uint8_t lower_case;
  std::uint8_t words_min;
  std::uint8_t words_max;
  std::uint8_t characters_min;
  std::uint8_t characters_max;
  float scale_largest;
  float scale_step;
  float temperature;
  float abstain_threshold;
  double training_loss;
  double training_accuracy;
  std::uint8_t negation_scope;  // 0 in version 1
  std::uint8_t weight_layout;   // 0 in versions 1 and 2
  std::uint8_t reserved[70];    // 0
};
static_assert(sizeof(Settings) == 128);

// How a feature's weights stand in their section.
enum class WeightLayout : std::uint8_t {
  rows = 0,     // one for each label
  gaps = 1,     // those that matter, each with how far its label is behind the one before
  bitmaps = 2,  // those that matter, with a bit a label of whether it is among them
};
inline constexpr std::uint32_t kFeaturesPerWeightBase = 16;

// Behind it, each of label_count values: documents by predicted label, training documents by label.
struct SketchHead {
  std::uint32_t documents;
  std::uint32_t coverage[128];
  std::uint32_t confidence[128];
  std::uint32_t length[64];
};
static_assert(sizeof(SketchHead) == 1284);

// Behind it, 3 · block_length fingerprints of 16 bits.
struct RowFilterHead {
  std::uint64_t seed;
  std::uint32_t rows;
  std::uint32_t block_length;
};
static_assert(sizeof(RowFilterHead) == 16);

}  // namespace textlambda::model::format
