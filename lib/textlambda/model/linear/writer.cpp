#include "textlambda/model/linear/writer.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "textlambda/model/feature_index.h"
#include "textlambda/model/format.h"
#include "textlambda/model/half.h"

namespace textlambda::model::linear {
namespace {

using format::SectionKind;

// With one weight a feature, a scale of its own would cost more than the weight.
constexpr std::uint32_t kFeaturesPerScaleForTwoLabels = 16;

std::size_t weights_per_feature(const LinearContent& content) {
  return content.labels.size() == 2 ? 1 : content.labels.size();
}

constexpr std::size_t kRun = 4096;  // features, or runs that share a weight scale, that a thread takes at a time

// The content's features in the order of their keys.
std::vector<std::uint32_t> sort_by_key(const std::vector<std::uint32_t>& keys) {
  std::vector<std::uint64_t> sorted(keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) sorted[i] = std::uint64_t{keys[i]} << 32 | i;
  std::sort(sorted.begin(), sorted.end());
  std::vector<std::uint32_t> order(keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) order[i] = static_cast<std::uint32_t>(sorted[i]);
  return order;
}

// To the nearest whole number, halves away from 0, as std::round: |value| is at most 127 or so.
std::int8_t round_level(float value) {
  return static_cast<std::int8_t>(std::clamp(static_cast<int>(value + std::copysign(0.5F, value)), -127, 127));
}

// Features that share a weight scale, from the `begin`th on.
void encode_int8(const LinearContent& content, std::size_t begin, std::size_t end, std::size_t width,
                 EncodedFeatures& encoded) {
  float largest = 0;
  for (std::size_t i = begin; i < end; ++i) {
    const float* row = &content.weights[encoded.order[i] * width];
    for (std::size_t k = 0; k < width; ++k) largest = std::max(largest, std::abs(row[k]));
  }
  // Rounded up to the next half, so that the largest weight does not overflow its byte.
  std::uint16_t code = to_half(largest / 127);
  if (from_half(code) * 127 < largest) ++code;
  const float scale = from_half(code);
  encoded.weight_scales[begin / encoded.features_per_scale] = code;
  for (std::size_t i = begin; i < end; ++i) {
    const float* row = &content.weights[encoded.order[i] * width];
    for (std::size_t k = 0; k < width; ++k) {
      encoded.weights[i * width + k] = static_cast<char>(scale > 0 ? round_level(row[k] / scale) : 0);
    }
  }
}

// The weights of one feature, each as `convert` makes it.
template <typename Number, typename Convert>
void encode_row(const float* row, std::size_t width, char* to, Convert&& convert) {
  for (std::size_t k = 0; k < width; ++k) {
    const Number number = convert(row[k]);
    std::memcpy(to + k * sizeof number, &number, sizeof number);
  }
}

}  // namespace

EncodedFeatures encode_features(const LinearContent& content, const io::Executor& executor) {
  EncodedFeatures encoded;
  encoded.order = sort_by_key(content.keys);
  encoded.scale_code = ScaleCode::over(content.scales);
  const std::size_t count = encoded.order.size();
  const std::size_t width = weights_per_feature(content);
  encoded.scales.resize(count);
  executor.run_ranges(count, kRun, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      encoded.scales[i] = encoded.scale_code.encode(content.scales[encoded.order[i]]);
    }
  });
  if (content.precision == Precision::int8) {
    const std::size_t shared = width == 1 ? kFeaturesPerScaleForTwoLabels : 1;
    encoded.features_per_scale = static_cast<std::uint32_t>(shared);
    encoded.weights.resize(count * width);
    encoded.weight_scales.resize((count + shared - 1) / shared);
    executor.run_ranges(encoded.weight_scales.size(), kRun, [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) {
        encode_int8(content, i * shared, std::min((i + 1) * shared, count), width, encoded);
      }
    });
    return encoded;
  }
  const std::size_t size = content.precision == Precision::float16 ? sizeof(std::uint16_t) : sizeof(float);
  encoded.weights.resize(count * width * size);
  executor.run_ranges(count, kRun, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      const float* row = &content.weights[encoded.order[i] * width];
      char* const to = &encoded.weights[i * width * size];
      if (content.precision == Precision::float16) {
        encode_row<std::uint16_t>(row, width, to, to_half);
      } else {
        encode_row<float>(row, width, to, [](float weight) { return weight; });
      }
    }
  });
  return encoded;
}

QuantisedFeatures quantise(const LinearContent& content, const EncodedFeatures& encoded) {
  const std::size_t width = weights_per_feature(content);
  QuantisedFeatures result{std::vector<float>(content.keys.size()), std::vector<float>(content.weights.size())};
  for (std::size_t i = 0; i < encoded.order.size(); ++i) {
    const std::size_t to = encoded.order[i];
    result.scales[to] = encoded.scale_code.decode(encoded.scales[i]);
    for (std::size_t k = 0; k < width; ++k) {
      float& weight = result.weights[to * width + k];
      const std::size_t at = i * width + k;
      switch (content.precision) {
        case Precision::int8:
          weight = static_cast<float>(static_cast<std::int8_t>(encoded.weights[at])) *
                   from_half(encoded.weight_scales[i / encoded.features_per_scale]);
          break;
        case Precision::float16:
          weight = from_half(to_half(content.weights[to * width + k]));
          break;
        case Precision::float32:
          weight = content.weights[to * width + k];
          break;
      }
    }
  }
  return result;
}

std::string serialise(const LinearContent& content) {
  return serialise(content, encode_features(content, io::Executor()));
}

std::string serialise(const LinearContent& content, const EncodedFeatures& encoded) {
  std::vector<std::uint32_t> keys;
  keys.reserve(encoded.order.size());
  for (const std::uint32_t from : encoded.order) keys.push_back(content.keys[from]);
  const FeatureIndexArrays index = build_feature_index(keys, key_bits(content.hash_bits, content.feature_options));

  format::Settings settings = make_settings(content, content.keys.size());
  settings.index_groups = static_cast<std::uint32_t>(index.bases.size());
  settings.weights_per_scale = encoded.features_per_scale;
  settings.index_bits = static_cast<std::uint8_t>(index.index_bits);
  settings.scale_largest = encoded.scale_code.largest;
  settings.scale_step = encoded.scale_code.step;

  SectionList sections;
  sections.put_profile(content, settings);
  sections.put(SectionKind::index_bases, index.bases);
  sections.put(SectionKind::index_ends, index.ends);
  sections.put(SectionKind::remainders, index.remainders);
  sections.put(SectionKind::scales, encoded.scales);
  sections.put(SectionKind::weights, encoded.weights);
  sections.put(SectionKind::weight_scales, encoded.weight_scales);
  sections.put(SectionKind::bias, content.bias);
  return sections.file(settings);
}

}  // namespace textlambda::model::linear
