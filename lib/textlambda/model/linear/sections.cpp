#include "textlambda/model/linear/sections.h"

#include <cmath>

namespace textlambda::model::linear {
namespace {

using format::SectionKind;

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

template <typename T>
std::span<const T> as_array(std::string_view bytes) {
  return {reinterpret_cast<const T*>(bytes.data()), bytes.size() / sizeof(T)};
}

}  // namespace

Sections::Sections(const Container& container, const Profile& profile)
    : weights_per_feature(profile.label_count() == 2 ? 1 : profile.label_count()) {
  read_index(container, profile);
  read_scales(container, profile);
  read_weights(container, profile);
}

void Sections::read_index(const Container& container, const Profile& profile) {
  const auto bases = container.array<std::uint32_t>(SectionKind::index_bases, "index");
  const auto ends = container.array<std::uint8_t>(SectionKind::index_ends, "index");
  const auto remainders = container.array<std::uint8_t>(SectionKind::remainders, "remainders");
  container.require(profile.settings().index_groups == bases.size(), "index of the wrong size");
  const unsigned bits = key_bits(profile.hash_bits(), profile.feature_options());
  const unsigned index_bits = profile.settings().index_bits;
  container.require_no_flaw(
      FeatureIndex::find_flaw(bits, index_bits, profile.feature_count(), bases, ends, remainders));
  index = FeatureIndex(bits, index_bits, bases, ends, remainders);
}

void Sections::read_scales(const Container& container, const Profile& profile) {
  scale_codes = container.array<std::uint8_t>(SectionKind::scales, "scales");
  container.require(scale_codes.size() == profile.feature_count(), "scales of the wrong size");
  scale_largest = profile.settings().scale_largest;
  scale_step = profile.settings().scale_step;
  container.require(scale_largest >= 0 && scale_largest <= 1e6F, "largest scale out of range");
  container.require(scale_step >= 0 && scale_step <= 1, "scale step out of range");
}

void Sections::read_weights(const Container& container, const Profile& profile) {
  const std::size_t features = profile.feature_count();
  const Precision precision = profile.precision();
  weights = container.get(SectionKind::weights);
  const std::vector<format::SectionKind> found = container.sections();
  const bool is_sparse = found.back() == SectionKind::weight_places;
  container.require(is_sparse == (profile.settings().weight_layout != 0),
                    "a weight layout that is none of these sections");
  if (is_sparse) {
    read_sparse_weights(container, profile);
  } else {
    // No overflow: features < 2^32, labels ≤ 2^20, 4 bytes.
    container.require(weights.size() == std::uint64_t{features} * weights_per_feature * weight_bytes(precision),
                      "weights of the wrong size");
  }
  weight_scales = container.array<std::uint16_t>(SectionKind::weight_scales, "weight scales");
  features_per_weight_scale = profile.settings().weights_per_scale;
  container.require(features_per_weight_scale >= 1, "no features share a weight scale");
  const std::size_t scale_count =
      precision == Precision::int8 ? (features + features_per_weight_scale - 1) / features_per_weight_scale : 0;
  container.require(weight_scales.size() == scale_count, "weight scales of the wrong size");
  container.require(all_finite_halves(weight_scales), "a weight scale is not finite");
  switch (precision) {
    case Precision::int8:
      break;  // every byte is a number
    case Precision::float16:
      container.require(all_finite_halves(as_array<std::uint16_t>(weights)), "a weight is not finite");
      break;
    case Precision::float32:
      container.require(all_sound(as_array<float>(weights)), "a weight is not finite or too large");
      break;
  }
  bias = container.array<float>(SectionKind::bias, "bias");
  container.require(bias.size() == weights_per_feature && all_sound(bias),
                    "bias of the wrong size, not finite or too large");
}

void Sections::read_sparse_weights(const Container& container, const Profile& profile) {
  const std::uint8_t stored = profile.settings().weight_layout;
  container.require(stored == static_cast<std::uint8_t>(format::WeightLayout::gaps) ||
                        stored == static_cast<std::uint8_t>(format::WeightLayout::bitmaps),
                    "no such weight layout");
  container.require(
      weights_per_feature > 1 && profile.precision() == Precision::int8 && profile.settings().weights_per_scale == 1,
      "sparse weights that are not bytes of several labels");
  const auto layout = static_cast<format::WeightLayout>(stored);
  const auto bases = container.array<std::uint32_t>(SectionKind::weight_bases, "weight bases");
  const std::string_view places = container.get(SectionKind::weight_places);
  container.require_no_flaw(
      SparseWeights::find_flaw(layout, profile.feature_count(), profile.label_count(), bases, places, weights));
  sparse = SparseWeights(layout, profile.feature_count(), profile.label_count(), bases, places, weights);
}

}  // namespace textlambda::model::linear
