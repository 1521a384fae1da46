#include "textlambda/model/model_writer.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <string_view>

#include <xxhash.h>

#include "textlambda/io/executor.h"
#include "textlambda/model/feature_index.h"
#include "textlambda/model/format.h"
#include "textlambda/model/half.h"
#include "textlambda/model/row_filter.h"

namespace textlambda::model {
namespace {

using format::SectionKind;

// With one weight a feature, a scale of its own would cost more than the weight.
constexpr std::uint32_t kFeaturesPerScaleForTwoLabels = 16;

template <typename T>
std::string_view as_bytes(const std::vector<T>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)};
}

template <typename T>
void append(std::string& bytes, const T& value) {
  bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
}

std::size_t weights_per_feature(const ModelContent& content) {
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
void encode_int8(const ModelContent& content, std::size_t begin, std::size_t end, std::size_t width,
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

std::string label_section(const std::vector<std::string>& labels) {
  std::string section;
  std::uint32_t offset = 0;
  for (const std::string& label : labels) {
    append(section, offset);
    offset += static_cast<std::uint32_t>(label.size());
  }
  append(section, offset);
  for (const std::string& label : labels) section += label;
  return section;
}

std::string string_section(const ModelContent& content) {
  std::string section;
  for (const auto& n_gram : content.strongest) {
    append(section, n_gram.label);
    append(section, n_gram.weight);
    append(section, static_cast<std::uint32_t>(n_gram.text.size()));
    section += n_gram.text;
  }
  return section;
}

format::Settings make_settings(const ModelContent& content, const EncodedFeatures& encoded,
                               const FeatureIndexArrays& index) {
  format::Settings settings{};
  settings.label_count = static_cast<std::uint32_t>(content.labels.size());
  settings.feature_count = static_cast<std::uint32_t>(content.keys.size());
  settings.index_groups = static_cast<std::uint32_t>(index.bases.size());
  settings.weights_per_scale = encoded.features_per_scale;
  settings.hash_bits = static_cast<std::uint8_t>(content.hash_bits);
  settings.index_bits = static_cast<std::uint8_t>(index.index_bits);
  settings.precision = static_cast<std::uint8_t>(content.precision);
  settings.lower_case = content.feature_options.normaliser.lower_case ? 1 : 0;
  settings.words_min = static_cast<std::uint8_t>(content.feature_options.words.min);
  settings.words_max = static_cast<std::uint8_t>(content.feature_options.words.max);
  settings.characters_min = static_cast<std::uint8_t>(content.feature_options.characters.min);
  settings.characters_max = static_cast<std::uint8_t>(content.feature_options.characters.max);
  settings.negation_scope = static_cast<std::uint8_t>(content.feature_options.negation_scope);
  settings.scale_largest = encoded.scale_code.largest;
  settings.scale_step = encoded.scale_code.step;
  settings.temperature = content.temperature;
  settings.abstain_threshold = content.abstain_threshold;
  settings.training_loss = content.training_loss;
  settings.training_accuracy = content.training_accuracy;
  return settings;
}

void sign_header(std::string& bytes) {
  format::Header header{};
  std::memcpy(&header, bytes.data(), sizeof header);
  header.checksum = 0;
  std::memcpy(bytes.data(), &header, sizeof header);
  header.checksum = XXH3_64bits(bytes.data(), sizeof header + format::kSectionCount * sizeof(format::Section));
  std::memcpy(bytes.data(), &header, sizeof header);
}

// Header, table and sections, one after the other, aligned.
std::string lay_out(std::uint32_t version, const std::array<std::string_view, format::kSectionCount>& contents) {
  std::array<format::Section, format::kSectionCount> table{};
  std::uint64_t position = sizeof(format::Header) + sizeof table;
  for (std::uint32_t i = 0; i < format::kSectionCount; ++i) {
    position = (position + format::kAlignment - 1) / format::kAlignment * format::kAlignment;
    table[i] = {i + 1, 0, position, contents[i].size(), XXH3_64bits(contents[i].data(), contents[i].size())};
    position += contents[i].size();
  }
  format::Header header{};
  std::memcpy(header.magic, format::kMagic, sizeof header.magic);
  header.version = version;
  header.section_count = format::kSectionCount;
  header.file_size = position;

  std::string bytes(position, '\0');
  std::memcpy(bytes.data(), &header, sizeof header);
  std::memcpy(bytes.data() + sizeof header, table.data(), sizeof table);
  sign_header(bytes);
  for (std::uint32_t i = 0; i < format::kSectionCount; ++i) {
    std::copy(contents[i].begin(), contents[i].end(), bytes.begin() + static_cast<std::ptrdiff_t>(table[i].offset));
  }
  return bytes;
}

}  // namespace

EncodedFeatures encode_features(const ModelContent& content, const io::Executor& executor) {
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

QuantisedFeatures quantise(const ModelContent& content, const EncodedFeatures& encoded) {
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

std::string serialise(const ModelContent& content) {
  return serialise(content, encode_features(content, io::Executor()));
}

std::string serialise(const ModelContent& content, const EncodedFeatures& encoded) {
  std::vector<std::uint32_t> keys;
  keys.reserve(encoded.order.size());
  for (const std::uint32_t from : encoded.order) keys.push_back(content.keys[from]);
  const FeatureIndexArrays index = build_feature_index(keys, key_bits(content.hash_bits, content.feature_options));
  const format::Settings settings = make_settings(content, encoded, index);
  const std::string labels = label_section(content.labels);
  const std::string strings = string_section(content);
  const std::string sketch = content.sketch ? sketch_bytes(*content.sketch) : "";
  const std::string row_filter = RowFilter::build(content.row_hashes);

  std::array<std::string_view, format::kSectionCount> contents;
  const auto put = [&](SectionKind kind, std::string_view bytes) {
    contents[static_cast<std::uint32_t>(kind) - 1] = bytes;
  };
  put(SectionKind::settings, {reinterpret_cast<const char*>(&settings), sizeof settings});
  put(SectionKind::labels, labels);
  put(SectionKind::index_bases, as_bytes(index.bases));
  put(SectionKind::index_ends, as_bytes(index.ends));
  put(SectionKind::remainders, as_bytes(index.remainders));
  put(SectionKind::scales, as_bytes(encoded.scales));
  put(SectionKind::weights, encoded.weights);
  put(SectionKind::weight_scales, as_bytes(encoded.weight_scales));
  put(SectionKind::bias, as_bytes(content.bias));
  put(SectionKind::stop_words, as_bytes(content.feature_options.stop_words));
  put(SectionKind::strings, strings);
  put(SectionKind::card, content.card);
  put(SectionKind::sketch, sketch);
  put(SectionKind::row_filter, row_filter);
  // The lowest version that can say what this model needs.
  const bool negation = settings.negation_scope > 0;
  return lay_out(negation ? format::kNegationVersion : format::kOldestVersion, contents);
}

std::string with_abstain_threshold(std::string_view model, float threshold) {
  std::string bytes(model);
  // Settings is the first section; its entry is the first of the table.
  char* const entry = bytes.data() + sizeof(format::Header);
  format::Section section{};
  std::memcpy(&section, entry, sizeof section);
  format::Settings settings{};
  std::memcpy(&settings, bytes.data() + section.offset, sizeof settings);
  settings.abstain_threshold = threshold;
  std::memcpy(bytes.data() + section.offset, &settings, sizeof settings);
  section.checksum = XXH3_64bits(bytes.data() + section.offset, section.size);
  std::memcpy(entry, &section, sizeof section);
  sign_header(bytes);
  return bytes;
}

}  // namespace textlambda::model
