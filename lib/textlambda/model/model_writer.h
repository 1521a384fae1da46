// Makes the bytes of a model file out of a fitted classifier: chooses what is kept, quantises, lays out. The bytes
// depend on the content alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "textlambda/features/options.h"
#include "textlambda/io/executor.h"
#include "textlambda/model/precision.h"
#include "textlambda/model/scale_code.h"
#include "textlambda/model/sketch.h"

namespace textlambda::model {

// A fitted classifier in memory. Features in any order; a feature's weights stand together.
struct ModelContent {
  features::FeatureOptions feature_options;
  std::vector<std::string> labels;  // sorted by their bytes, at least two
  unsigned hash_bits = 0;
  std::vector<std::uint32_t> keys;  // a feature: feature_key(); no repeats
  std::vector<float> scales;        // a feature, > 0
  std::vector<float> weights;       // features × weights_per_feature (1 for two labels, else a label each)
  std::vector<float> bias;          // weights_per_feature
  Precision precision = Precision::int8;
  float temperature = 1;
  float abstain_threshold = 0;
  double training_loss = 0;
  double training_accuracy = 0;

  struct LabelNGram {
    std::uint32_t label;
    float weight;
    std::string text;
  };
  std::vector<LabelNGram> strongest;  // labels in order, strongest first
  std::string card;                   // a JSON object
  std::optional<Sketch> sketch;       // of held-out documents, to measure drift against
  // features::row_hash() of the training rows, in any order, for the filter that finds overlaps; empty: no filter.
  std::vector<std::uint64_t> row_hashes;
};

// The arrays of all features as the file holds them, in the order of their keys. The same for any number of threads.
struct EncodedFeatures {
  std::vector<std::uint32_t> order;  // place in the file → place in the content
  ScaleCode scale_code;
  std::vector<std::uint8_t> scales;
  std::string weights;
  std::vector<std::uint16_t> weight_scales;
  std::uint32_t features_per_scale = 1;
};
EncodedFeatures encode_features(const ModelContent& content, const io::Executor& executor);

// A feature's values as the written file will give them back, for measuring what ships before it is complete.
struct QuantisedFeatures {
  std::vector<float> scales;  // in the order of ModelContent::keys
  std::vector<float> weights;
};
QuantisedFeatures quantise(const ModelContent& content, const EncodedFeatures& encoded);

// `encoded`: what encode_features() made of this content.
std::string serialise(const ModelContent& content, const EncodedFeatures& encoded);
std::string serialise(const ModelContent& content);

// A model file's bytes with another abstain threshold (0 … 1) and true checksums; all else as it was. `model`: bytes
// that ModelFile has verified.
std::string with_abstain_threshold(std::string_view model, float threshold);

}  // namespace textlambda::model
