#include "textlambda/model/linear/linear_model.h"

#include <algorithm>
#include <cstring>
#include <span>

#include <Eigen/Core>

#include "textlambda/features/weighting.h"
#include "textlambda/model/half.h"
#include "textlambda/model/scale_code.h"

namespace textlambda::model::linear {
namespace {

// Replaces the numbers by those of known features; their count. Look-ups apart from hashing: their cache misses then
// overlap. Without a branch: whether an n-gram is known can hardly be predicted.
std::size_t keep_known(const FeatureIndex& index, std::uint32_t group_bit, std::span<std::uint32_t> numbers) {
  constexpr std::size_t kAhead = 16;
  std::size_t known = 0;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (i + kAhead < numbers.size()) index.prefetch(numbers[i + kAhead] | group_bit);
    const std::uint32_t feature = index.find(numbers[i] | group_bit);
    numbers[known] = feature;
    known += static_cast<std::size_t>(feature != FeatureIndex::kNone);
  }
  return known;
}

// The matrix of weights as it lies in the file, a row a feature.
template <typename Number>
using StoredWeights = Eigen::Map<const Eigen::Array<Number, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>;

// logits += Σ factor(i) · the weights of feature ids[i], in single precision, in the order of the row.
template <typename Number, typename Factor>
void add_rows(std::string_view weights, std::size_t width, const features::SparseRow& row, Factor&& factor,
              float* logits) {
  const auto columns = static_cast<Eigen::Index>(width);
  const StoredWeights<Number> matrix(reinterpret_cast<const Number*>(weights.data()),
                                     static_cast<Eigen::Index>(weights.size() / (width * sizeof(Number))), columns);
  Eigen::Map<Eigen::Array<float, 1, Eigen::Dynamic>> sums(logits, columns);
  for (std::size_t i = 0; i < row.size; ++i) sums += factor(i) * matrix.row(row.ids[i]).template cast<float>();
}

}  // namespace

LinearModel::LinearModel(const Container& container, const Profile& profile)
    : sections_(container, profile), precision_(profile.precision()) {
  const ScaleCode code{sections_.scale_largest, sections_.scale_step};
  for (std::size_t i = 0; i < scales_.size(); ++i) scales_[i] = code.decode(static_cast<std::uint8_t>(i));
}

features::SparseRow LinearModel::read(const Profile& profile, ReadText& text) const {
  const FeatureIndex index = sections_.index;
  const std::uint8_t* codes = sections_.scale_codes.data();
  text.n_grams = 0;
  text.known_n_grams = 0;
  std::size_t size = 0;
  for (const features::Group group : features::kGroups) {
    const std::span<std::uint32_t> numbers = text.terms.n_grams(group, profile.feature_options(), profile.hash_bits());
    text.n_grams += numbers.size();
    const std::size_t known = keep_known(index, profile.key(0, group), numbers);
    // However long the text, no more distinct terms than the model has features.
    const auto terms = text.terms.count(numbers.first(known), std::min(numbers.size() / 2, profile.feature_count()));
    if (text.ids.size() < size + terms.size()) {
      text.ids.resize(size + terms.size());
      text.values.resize(size + terms.size());
    }
    for (std::size_t i = 0; i < terms.size(); ++i) {
      text.ids[size + i] = terms[i].id;
      text.known_n_grams += terms[i].count;
    }
    const bool weighs = features::weigh_group(
        terms.size(), [&](std::size_t i) { return terms[i].count; },
        [&](std::size_t i) { return scales_[codes[terms[i].id]]; }, text.values.data() + size);
    if (weighs) size += terms.size();
  }
  return {text.ids.data(), text.values.data(), size};
}

void LinearModel::logits(const Profile& profile, ReadText& text, float* out) const {
  const features::SparseRow row = read(profile, text);
  const std::size_t width = sections_.weights_per_feature;
  std::copy(sections_.bias.begin(), sections_.bias.end(), out);
  const auto value = [&](std::size_t i) { return row.values[i]; };
  if (!sections_.sparse.empty()) {
    for (std::size_t i = 0; i < row.size; ++i) {
      const float factor = row.values[i] * from_half(sections_.weight_scales[row.ids[i]]);
      sections_.sparse.for_each(
          row.ids[i], [&](std::size_t label, std::int8_t level) { out[label] += factor * static_cast<float>(level); });
    }
    return;
  }
  switch (precision_) {
    case Precision::int8:
      add_rows<std::int8_t>(
          sections_.weights, width, row,
          [&](std::size_t i) {
            return row.values[i] * from_half(sections_.weight_scales[row.ids[i] / sections_.features_per_weight_scale]);
          },
          out);
      break;
    case Precision::float16:
      add_rows<Eigen::half>(sections_.weights, width, row, value, out);
      break;
    case Precision::float32:
      add_rows<float>(sections_.weights, width, row, value, out);
      break;
  }
  if (width == 1) {  // log-odds of label 1, shared out evenly
    out[1] = out[0] / 2;
    out[0] = -out[1];
  }
}

float LinearModel::stored_weight(std::size_t at, std::uint32_t feature) const {
  const std::string_view weights = sections_.weights;
  switch (precision_) {
    case Precision::int8:
      return static_cast<float>(static_cast<std::int8_t>(weights[at])) *
             from_half(sections_.weight_scales[feature / sections_.features_per_weight_scale]);
    case Precision::float16: {
      std::uint16_t half = 0;
      std::memcpy(&half, weights.data() + at * sizeof half, sizeof half);
      return from_half(half);
    }
    case Precision::float32: {
      float weight = 0;
      std::memcpy(&weight, weights.data() + at * sizeof weight, sizeof weight);
      return weight;
    }
  }
  return 0;
}

float LinearModel::weight(std::uint32_t feature, std::size_t label) const {
  const std::size_t width = sections_.weights_per_feature;
  if (!sections_.sparse.empty()) {
    float weight = 0;
    sections_.sparse.for_each(feature, [&](std::size_t found, std::int8_t level) {
      if (found == label) weight = static_cast<float>(level) * from_half(sections_.weight_scales[feature]);
    });
    return weight;
  }
  if (width > 1) return stored_weight(feature * width + label, feature);
  const float weight = stored_weight(feature, feature);
  return label == 1 ? weight / 2 : -weight / 2;
}

float LinearModel::bias(std::size_t label) const {
  if (sections_.weights_per_feature > 1) return sections_.bias[label];
  return label == 1 ? sections_.bias[0] / 2 : -sections_.bias[0] / 2;
}

}  // namespace textlambda::model::linear
