#include "textlambda/model/linear/writer.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include <Eigen/Core>

#include "textlambda/io/error.h"
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

using Row = Eigen::Array<float, 1, Eigen::Dynamic>;
template <typename Number>
using StoredRow = Eigen::Map<Eigen::Array<Number, 1, Eigen::Dynamic>>;

// The weights of a feature of the content.
Eigen::Map<const Row> weights_of(const LinearContent& content, std::size_t feature, std::size_t width) {
  return {&content.weights[feature * width], static_cast<Eigen::Index>(width)};
}
// The weights of the `i`th feature in the order of the file.
template <typename Number>
StoredRow<Number> stored_row(EncodedFeatures& encoded, std::size_t i, std::size_t width) {
  return {reinterpret_cast<Number*>(encoded.weights.data()) + i * width, static_cast<Eigen::Index>(width)};
}

// Rounded up to the next half, so that the largest weight does not overflow its byte.
std::uint16_t weight_scale_code(float largest) {
  std::uint16_t code = to_half(largest / 127);
  if (from_half(code) * 127 < largest) ++code;
  return code;
}

// Features that share a weight scale, from the `begin`th on.
void encode_int8(const LinearContent& content, std::size_t begin, std::size_t end, std::size_t width,
                 EncodedFeatures& encoded) {
  float largest = 0;
  for (std::size_t i = begin; i < end; ++i) {
    largest = std::max(largest, weights_of(content, encoded.order[i], width).abs().maxCoeff());
  }
  const std::uint16_t code = weight_scale_code(largest);
  const float scale = from_half(code);
  encoded.weight_scales[begin / encoded.features_per_scale] = code;
  for (std::size_t i = begin; i < end; ++i) {
    StoredRow<std::int8_t> levels = stored_row<std::int8_t>(encoded, i, width);
    if (scale > 0) {
      levels = (weights_of(content, encoded.order[i], width) / scale).unaryExpr(&round_level);
    } else {
      levels.setZero();
    }
  }
}

struct Range {
  std::size_t begin = 0;
  std::size_t end = 0;
};

// The weights of a feature of the content that has some labels'.
Range listed_weights(const LinearContent& content, std::size_t feature) {
  return {feature == 0 ? 0 : content.weight_ends[feature - 1], content.weight_ends[feature]};
}

void encode_listed_int8(const LinearContent& content, EncodedFeatures& encoded) {
  ListedLevels listed;
  listed.labels.reserve(content.weights.size());
  listed.levels.reserve(content.weights.size());
  for (const std::uint32_t feature : encoded.order) {
    const Range range = listed_weights(content, feature);
    float largest = 0;
    for (std::size_t at = range.begin; at < range.end; ++at) largest = std::max(largest, std::abs(content.weights[at]));
    const std::uint16_t code = weight_scale_code(largest);
    const float scale = from_half(code);
    encoded.weight_scales.push_back(code);
    for (std::size_t at = range.begin; at < range.end && scale > 0; ++at) {
      listed.labels.push_back(content.weight_labels[at]);
      listed.levels.push_back(round_level(content.weights[at] / scale));
    }
    listed.ends.push_back(listed.levels.size());
  }
  encoded.sparse = leave_out_small(listed, content.labels.size());
}

void check_all_labels_fit(std::size_t features, std::size_t width, std::size_t size) {
  constexpr std::size_t kMostBytes = std::size_t{2} << 30;
  if (features * width * size <= kMostBytes) return;
  io::throw_usage("a model with all weights of " + std::to_string(width) + " labels and " + std::to_string(features) +
                  " n-grams is larger than 2 GiB: --precision int8 leaves out those that do not matter");
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
  const bool is_listed = !content.weight_ends.empty();
  if (is_listed && content.precision == Precision::int8) {
    encode_listed_int8(content, encoded);
    return encoded;
  }
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
    encoded.sparse = leave_out_small(encoded.weights, count, width);
    if (encoded.sparse.layout != format::WeightLayout::rows) encoded.weights = std::string();
    return encoded;
  }
  const std::size_t size = content.precision == Precision::float16 ? sizeof(std::uint16_t) : sizeof(float);
  if (is_listed) check_all_labels_fit(count, width, size);
  encoded.weights.resize(count * width * size);
  executor.run_ranges(count, kRun, [&](std::size_t begin, std::size_t end) {
    Row all = Row::Zero(static_cast<Eigen::Index>(is_listed ? width : 0));
    for (std::size_t i = begin; i < end; ++i) {
      if (is_listed) {
        const Range range = listed_weights(content, encoded.order[i]);
        all.setZero();
        for (std::size_t at = range.begin; at < range.end; ++at) all[content.weight_labels[at]] = content.weights[at];
      }
      const Eigen::Map<const Row> row =
          is_listed ? Eigen::Map<const Row>(all.data(), all.size()) : weights_of(content, encoded.order[i], width);
      if (content.precision == Precision::float16) {
        stored_row<Eigen::half>(encoded, i, width) = row.cast<Eigen::half>();
      } else {
        stored_row<float>(encoded, i, width) = row;
      }
    }
  });
  return encoded;
}

namespace {

// The `i`th feature of the file.
void quantise_listed(const LinearContent& content, const EncodedFeatures& encoded, const SparseWeights& kept,
                     std::size_t i, QuantisedFeatures& result) {
  const Range range = listed_weights(content, encoded.order[i]);
  if (kept.empty()) {
    for (std::size_t at = range.begin; at < range.end; ++at) {
      const float weight = content.weights[at];
      result.weights[at] =
          content.precision == Precision::float16 ? static_cast<float>(static_cast<Eigen::half>(weight)) : weight;
    }
    return;
  }
  const float scale = from_half(encoded.weight_scales[i]);
  std::size_t at = range.begin;
  kept.for_each(static_cast<std::uint32_t>(i), [&](std::size_t label, std::int8_t level) {
    while (content.weight_labels[at] < label) ++at;
    result.weights[at] = static_cast<float>(level) * scale;
  });
}

}  // namespace

QuantisedFeatures quantise(const LinearContent& content, const EncodedFeatures& encoded, const io::Executor& executor) {
  const std::size_t width = weights_per_feature(content);
  QuantisedFeatures result{std::vector<float>(content.keys.size()), std::vector<float>(content.weights.size())};
  const SparseBytes& sparse = encoded.sparse;
  const SparseWeights kept(sparse.layout, content.keys.size(), width, sparse.bases, sparse.places, sparse.levels);
  const auto quantise_feature = [&](std::size_t i) {
    const std::size_t to = encoded.order[i];
    result.scales[to] = encoded.scale_code.decode(encoded.scales[i]);
    if (!content.weight_ends.empty()) {
      quantise_listed(content, encoded, kept, i, result);
      return;
    }
    const Eigen::Map<const Row> row = weights_of(content, to, width);
    Eigen::Map<Row> weights(&result.weights[to * width], row.size());
    if (!kept.empty()) {
      const float scale = from_half(encoded.weight_scales[i]);
      kept.for_each(static_cast<std::uint32_t>(i), [&](std::size_t label, std::int8_t level) {
        weights[static_cast<Eigen::Index>(label)] = static_cast<float>(level) * scale;
      });
      return;
    }
    switch (content.precision) {
      case Precision::int8: {
        const Eigen::Map<const Eigen::Array<std::int8_t, 1, Eigen::Dynamic>> levels(
            reinterpret_cast<const std::int8_t*>(encoded.weights.data()) + i * width, row.size());
        weights = levels.cast<float>() * from_half(encoded.weight_scales[i / encoded.features_per_scale]);
        break;
      }
      case Precision::float16:
        weights = row.cast<Eigen::half>().cast<float>();
        break;
      case Precision::float32:
        weights = row;
        break;
    }
  };
  executor.run_ranges(encoded.order.size(), kRun, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) quantise_feature(i);
  });
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
  settings.weight_layout = static_cast<std::uint8_t>(encoded.sparse.layout);

  SectionList sections;
  sections.put_profile(content, settings);
  sections.put(SectionKind::index_bases, index.bases);
  sections.put(SectionKind::index_ends, index.ends);
  sections.put(SectionKind::remainders, index.remainders);
  sections.put(SectionKind::scales, encoded.scales);
  if (encoded.sparse.layout == format::WeightLayout::rows) {
    sections.put(SectionKind::weights, encoded.weights);
  } else {
    sections.put(SectionKind::weights, encoded.sparse.levels);
    sections.put(SectionKind::weight_bases, encoded.sparse.bases);
    sections.put(SectionKind::weight_places, encoded.sparse.places);
  }
  sections.put(SectionKind::weight_scales, encoded.weight_scales);
  sections.put(SectionKind::bias, content.bias);
  return sections.file(settings);
}

}  // namespace textlambda::model::linear
