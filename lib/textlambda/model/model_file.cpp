#include "textlambda/model/model_file.h"

#include <array>
#include <cmath>
#include <cstring>

#include <xxhash.h>

#include "textlambda/io/error.h"
#include "textlambda/model/format.h"
#include "textlambda/text/utf8.h"

namespace textlambda::model {
namespace {

using format::SectionKind;

constexpr std::uint32_t kMaxLabels = 1U << 20;

// Finds sections of a file whose header has been checked; throws Error for anything untrue.
class Sections {
 public:
  Sections(std::string_view bytes, const std::string& name) : bytes_(bytes), name_(name) {
    if (bytes.size() < sizeof(format::Header)) {
      fail("is " + std::to_string(bytes.size()) + " bytes, too short for a model file");
    }
    format::Header header{};
    std::memcpy(&header, bytes.data(), sizeof header);
    if (std::memcmp(header.magic, format::kMagic, sizeof header.magic) != 0) fail("is not a textlambda model file");
    check_version(header.version);
    version_ = header.version;
    if (header.file_size != bytes.size()) {
      fail("is " + std::to_string(bytes.size()) + " bytes, its header says " + std::to_string(header.file_size) +
           ": truncated or damaged");
    }
    if (header.section_count != format::kSectionCount) fail("has a damaged header (section count)");
    const std::size_t table_size = format::kSectionCount * sizeof(format::Section);
    if (bytes.size() < sizeof header + table_size) fail("is truncated in its section table");
    std::memcpy(table_.data(), bytes.data() + sizeof header, table_size);
    check_header_sum(header, table_size);
    check_places(sizeof header + table_size);
  }

  std::uint32_t version() const { return version_; }

  std::string_view get(SectionKind kind) const {
    const format::Section& section = table_[static_cast<std::uint32_t>(kind) - 1];
    return bytes_.substr(section.offset, section.size);
  }

  // The section as an array of T; its size must be a multiple of T's.
  template <typename T>
  std::span<const T> array(SectionKind kind, const char* what) const {
    const std::string_view bytes = get(kind);
    if (bytes.size() % sizeof(T) != 0) fail(std::string("has a damaged section: ") + what);
    return {reinterpret_cast<const T*>(bytes.data()), bytes.size() / sizeof(T)};
  }

  [[noreturn]] void fail(const std::string& reason) const { io::throw_input(reason, name_); }

 private:
  void check_version(std::uint32_t version) const {
    if (version >= format::kOldestVersion && version <= format::kNewestVersion) return;
    const std::string found = "has model format version " + std::to_string(version);
    if (version == 0) fail(found + ", which was never released: train the model again with this textlambda");
    fail(found + ", this textlambda reads versions " + std::to_string(format::kOldestVersion) + " to " +
         std::to_string(format::kNewestVersion) + ": it takes a later textlambda");
  }

  void check_header_sum(format::Header header, std::size_t table_size) const {
    const std::uint64_t stated = header.checksum;
    header.checksum = 0;
    std::array<char, sizeof(format::Header) + format::kSectionCount * sizeof(format::Section)> signed_part{};
    std::memcpy(signed_part.data(), &header, sizeof header);
    std::memcpy(signed_part.data() + sizeof header, table_.data(), table_size);
    if (XXH3_64bits(signed_part.data(), signed_part.size()) != stated)
      fail("is damaged: header checksum does not match");
  }

  // Sections follow each other in order, aligned, inside the file, with zeros between, and their sums match.
  void check_places(std::size_t after) const {
    std::uint64_t position = after;
    for (std::uint32_t i = 0; i < format::kSectionCount; ++i) {
      const format::Section& section = table_[i];
      const std::uint64_t expected = (position + format::kAlignment - 1) / format::kAlignment * format::kAlignment;
      if (section.kind != i + 1 || section.reserved != 0 || section.offset != expected ||
          section.offset > bytes_.size() || section.size > bytes_.size() - section.offset) {
        fail("has a damaged section table (section " + std::to_string(i + 1) + ")");
      }
      check_zeros(position, expected);
      if (XXH3_64bits(bytes_.data() + section.offset, section.size) != section.checksum) {
        fail("is damaged: checksum of section " + std::to_string(i + 1) + " does not match");
      }
      position = section.offset + section.size;
    }
    if (position != bytes_.size()) fail("has bytes behind its last section");
  }

  void check_zeros(std::uint64_t begin, std::uint64_t end) const {
    for (std::uint64_t at = begin; at < end; ++at) {
      if (bytes_[at] != 0) fail("is damaged: padding is not zero");
    }
  }

  std::string_view bytes_;
  const std::string& name_;
  std::uint32_t version_ = 0;
  std::array<format::Section, format::kSectionCount> table_{};
};

bool in_unit_interval(double value) { return value >= 0 && value <= 1; }  // false for NaN

// Small enough that no sum of a text's terms overflows: predictions are numbers. Without branches, so that large
// matrices stay cheap; false for NaN.
bool all_sound(std::span<const float> values) {
  unsigned bad = 0;
  for (const float value : values) bad |= static_cast<unsigned>(!(std::abs(value) <= 1e30F));
  return bad == 0;
}

bool all_finite_halves(std::span<const std::uint16_t> values) {
  unsigned bad = 0;
  for (const std::uint16_t value : values) bad |= static_cast<unsigned>((value & 0x7C00U) == 0x7C00U);
  return bad == 0;
}

std::size_t weight_bytes(Precision precision) {
  switch (precision) {
    case Precision::int8:
      return 1;
    case Precision::float16:
      return 2;
    case Precision::float32:
      return 4;
  }
  return 0;
}

// A string of the strings section: label, weight, length, bytes. Moves `at` behind it; false at a damaged one.
bool next_string(std::string_view section, std::size_t& at, LabelNGram& n_gram) {
  constexpr std::size_t kHead = 12;
  if (section.size() - at < kHead) return false;
  std::uint32_t length = 0;
  std::memcpy(&n_gram.label, section.data() + at, 4);
  std::memcpy(&n_gram.weight, section.data() + at + 4, 4);
  std::memcpy(&length, section.data() + at + 8, 4);
  at += kHead;
  if (section.size() - at < length) return false;
  n_gram.text = section.substr(at, length);
  at += length;
  return true;
}

}  // namespace

ModelFile ModelFile::open(const std::string& path) {
  ModelFile model;
  model.file_ = io::MappedFile::open(path, io::MappedFile::Access::resident);
  model.bytes_ = model.file_.view();
  model.verify(path);
  return model;
}

ModelFile ModelFile::view(std::string_view bytes, const std::string& name) {
  ModelFile model;
  model.bytes_ = bytes;
  model.verify(name);
  return model;
}

void ModelFile::verify(const std::string& name) {
  const Sections sections(bytes_, name);
  const auto require = [&](bool condition, const char* reason) {
    if (!condition) sections.fail(std::string("is damaged: ") + reason);
  };

  const auto settings_array = sections.array<format::Settings>(SectionKind::settings, "settings");
  require(settings_array.size() == 1, "settings of the wrong size");
  const format::Settings& settings = settings_array[0];
  require(settings.label_count >= 2 && settings.label_count <= kMaxLabels, "label count out of range");
  for (const std::uint8_t byte : settings.reserved) require(byte == 0, "reserved settings are not zero");
  require(settings.negation_scope == 0 || sections.version() >= format::kNegationVersion,
          "reserved settings are not zero");
  label_count_ = settings.label_count;
  feature_count_ = settings.feature_count;

  require(settings.lower_case <= 1, "case setting out of range");
  feature_options_.normaliser.lower_case = settings.lower_case == 1;
  feature_options_.words = {settings.words_min, settings.words_max};
  feature_options_.characters = {settings.characters_min, settings.characters_max};
  feature_options_.negation_scope = settings.negation_scope;
  const auto stop_words = sections.array<std::uint64_t>(SectionKind::stop_words, "stop words");
  feature_options_.stop_words.assign(stop_words.begin(), stop_words.end());
  const char* flaw = features::find_flaw(feature_options_);
  require(flaw == nullptr, flaw == nullptr ? "" : flaw);

  hash_bits_ = settings.hash_bits;
  require(hash_bits_ >= 8 && hash_bits_ <= 31, "hash bits out of range");
  const auto bases = sections.array<std::uint32_t>(SectionKind::index_bases, "index");
  const auto ends = sections.array<std::uint8_t>(SectionKind::index_ends, "index");
  const auto remainders = sections.array<std::uint8_t>(SectionKind::remainders, "remainders");
  require(settings.index_groups == bases.size(), "index of the wrong size");
  flaw = FeatureIndex::find_flaw(key_bits(hash_bits_, feature_options_), settings.index_bits, feature_count_, bases,
                                 ends, remainders);
  require(flaw == nullptr, flaw == nullptr ? "" : flaw);
  index_ = FeatureIndex(key_bits(hash_bits_, feature_options_), settings.index_bits, bases, ends, remainders);

  scale_codes_ = sections.array<std::uint8_t>(SectionKind::scales, "scales");
  require(scale_codes_.size() == feature_count_, "scales of the wrong size");
  scale_largest_ = settings.scale_largest;
  scale_step_ = settings.scale_step;
  require(scale_largest_ >= 0 && scale_largest_ <= 1e6F, "largest scale out of range");
  require(scale_step_ >= 0 && scale_step_ <= 1, "scale step out of range");

  require(settings.precision <= static_cast<std::uint8_t>(Precision::float32), "unknown precision");
  precision_ = static_cast<Precision>(settings.precision);
  weights_ = sections.get(SectionKind::weights);
  // No overflow: feature_count < 2^32, labels ≤ 2^20, 4 bytes.
  require(weights_.size() == std::uint64_t{feature_count_} * weights_per_feature() * weight_bytes(precision_),
          "weights of the wrong size");
  weight_scales_ = sections.array<std::uint16_t>(SectionKind::weight_scales, "weight scales");
  features_per_weight_scale_ = settings.weights_per_scale;
  require(features_per_weight_scale_ >= 1, "no features share a weight scale");
  const std::size_t scale_count = precision_ == Precision::int8
                                      ? (feature_count_ + features_per_weight_scale_ - 1) / features_per_weight_scale_
                                      : 0;
  require(weight_scales_.size() == scale_count, "weight scales of the wrong size");
  require(all_finite_halves(weight_scales_), "a weight scale is not finite");
  if (precision_ == Precision::float16) {
    require(all_finite_halves({reinterpret_cast<const std::uint16_t*>(weights_.data()), weights_.size() / 2}),
            "a weight is not finite");
  } else if (precision_ == Precision::float32) {
    require(all_sound({reinterpret_cast<const float*>(weights_.data()), weights_.size() / 4}),
            "a weight is not finite or too large");
  }
  bias_ = sections.array<float>(SectionKind::bias, "bias");
  require(bias_.size() == weights_per_feature() && all_sound(bias_), "bias of the wrong size, not finite or too large");

  temperature_ = settings.temperature;
  require(temperature_ >= 1e-3F && temperature_ <= 1e3F, "temperature out of range");
  abstain_threshold_ = settings.abstain_threshold;
  require(in_unit_interval(abstain_threshold_), "abstain threshold out of range");
  training_loss_ = settings.training_loss;
  training_accuracy_ = settings.training_accuracy;
  require(training_loss_ >= 0 && training_loss_ <= 1e6, "training loss out of range");
  require(in_unit_interval(training_accuracy_), "training accuracy out of range");

  const std::string_view labels = sections.get(SectionKind::labels);
  const std::size_t offsets_size = (label_count_ + 1) * sizeof(std::uint32_t);
  require(labels.size() >= offsets_size, "labels of the wrong size");
  label_offsets_ = {reinterpret_cast<const std::uint32_t*>(labels.data()), label_count_ + 1};
  label_bytes_ = labels.substr(offsets_size);
  require(label_offsets_[0] == 0 && label_offsets_[label_count_] == label_bytes_.size(), "labels of the wrong size");
  for (std::size_t i = 0; i < label_count_; ++i) {
    require(label_offsets_[i] <= label_offsets_[i + 1], "labels overlap");
    require(label_offsets_[i + 1] <= label_bytes_.size(), "labels overlap");
    require(i == 0 || label(i - 1) < label(i), "labels are not sorted");
    require(text::valid_utf8_prefix(label(i)) == label(i).size(), "labels are not UTF-8");
  }

  strings_ = sections.get(SectionKind::strings);
  LabelNGram n_gram;
  for (std::size_t at = 0; at < strings_.size();) {
    require(next_string(strings_, at, n_gram), "an n-gram's string is cut off");
    require(n_gram.label < label_count_ && std::isfinite(n_gram.weight), "an n-gram's string is out of range");
    require(text::valid_utf8_prefix(n_gram.text) == n_gram.text.size(), "an n-gram's string is not UTF-8");
  }
  card_ = sections.get(SectionKind::card);
  require(card_.size() >= 2 && card_.front() == '{' && card_.back() == '}', "no card");
  require(text::valid_utf8_prefix(card_) == card_.size(), "the card is not UTF-8");

  sketch_ = sections.get(SectionKind::sketch);
  flaw = find_sketch_flaw(sketch_, label_count_);
  require(flaw == nullptr, flaw == nullptr ? "" : flaw);
  const std::string_view row_filter = sections.get(SectionKind::row_filter);
  flaw = RowFilter::find_flaw(row_filter);
  require(flaw == nullptr, flaw == nullptr ? "" : flaw);
  row_filter_ = RowFilter(row_filter);
}

std::string_view ModelFile::label(std::size_t index) const {
  return label_bytes_.substr(label_offsets_[index], label_offsets_[index + 1] - label_offsets_[index]);
}

std::vector<LabelNGram> ModelFile::strongest_n_grams() const {
  std::vector<LabelNGram> list;
  LabelNGram n_gram;
  for (std::size_t at = 0; at < strings_.size() && next_string(strings_, at, n_gram);) list.push_back(n_gram);
  return list;
}

std::string ModelFile::id() const {
  // The header's checksum covers the section table, which holds the checksum of every section.
  static constexpr char kDigits[] = "0123456789abcdef";
  format::Header header{};
  std::memcpy(&header, bytes_.data(), sizeof header);
  std::string text(16, '0');
  for (std::size_t i = text.size(); i-- > 0; header.checksum >>= 4) text[i] = kDigits[header.checksum & 15];
  return text;
}

}  // namespace textlambda::model
