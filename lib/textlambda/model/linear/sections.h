// The sections of a linear model: which n-grams are features, and each feature's scale and weights. Views into a file's
// bytes, which have to outlive it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "textlambda/model/container.h"
#include "textlambda/model/feature_index.h"
#include "textlambda/model/linear/sparse_weights.h"
#include "textlambda/model/profile.h"

namespace textlambda::model::linear {

// What a file of this kind has in it, by rising number.
inline constexpr std::array kSections{
    format::SectionKind::settings,   format::SectionKind::labels,        format::SectionKind::index_bases,
    format::SectionKind::index_ends, format::SectionKind::remainders,    format::SectionKind::scales,
    format::SectionKind::weights,    format::SectionKind::weight_scales, format::SectionKind::bias,
    format::SectionKind::stop_words, format::SectionKind::strings,       format::SectionKind::card,
    format::SectionKind::sketch,     format::SectionKind::row_filter,
};

// The same where weights that do not matter are left out.
inline constexpr std::array kSparseSections{
    format::SectionKind::settings,     format::SectionKind::labels,        format::SectionKind::index_bases,
    format::SectionKind::index_ends,   format::SectionKind::remainders,    format::SectionKind::scales,
    format::SectionKind::weights,      format::SectionKind::weight_scales, format::SectionKind::bias,
    format::SectionKind::stop_words,   format::SectionKind::strings,       format::SectionKind::card,
    format::SectionKind::sketch,       format::SectionKind::row_filter,    format::SectionKind::weight_bases,
    format::SectionKind::weight_places};

struct Sections {
  // Throws Error(input_output) for sections that are not those of a linear model, or not true to the profile's
  // settings. Nothing in those that pass can make a later call read outside them.
  Sections(const Container& container, const Profile& profile);

  FeatureIndex index;

  // The scale of a feature, by its code in scale_codes.
  std::span<const std::uint8_t> scale_codes;
  float scale_largest = 0;
  float scale_step = 0;

  std::size_t weights_per_feature = 1;  // 1 for two labels (log-odds of label 1), else a label each
  // int8_t, half or float as the profile's precision says, features × weights_per_feature; a feature's stand together.
  // In a sparse layout int8_t, those that `sparse` says.
  std::string_view weights;
  SparseWeights sparse;  // empty where there is a weight for each feature and label
  // int8 only: halves, one for each run of features_per_weight_scale features.
  std::span<const std::uint16_t> weight_scales;
  std::size_t features_per_weight_scale = 1;
  std::span<const float> bias;  // weights_per_feature

 private:
  void read_index(const Container& container, const Profile& profile);
  void read_scales(const Container& container, const Profile& profile);
  void read_weights(const Container& container, const Profile& profile);
  void read_sparse_weights(const Container& container, const Profile& profile);
};

}  // namespace textlambda::model::linear
