// Makes the bytes of a model file out of a fitted linear classifier: quantises and lays out. The bytes depend on the
// content alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "textlambda/io/executor.h"
#include "textlambda/model/linear/sparse_weights.h"
#include "textlambda/model/profile_writer.h"
#include "textlambda/model/scale_code.h"

namespace textlambda::model::linear {

// A fitted classifier in memory. Features in any order; a feature's weights stand together.
struct LinearContent : ProfileContent {
  std::vector<std::uint32_t> keys;  // a feature: feature_key(); no repeats
  std::vector<float> scales;        // a feature, > 0
  std::vector<float> weights;       // features × weights_per_feature (1 for two labels, else a label each)
  // Where labels are many a feature may have weights for some of them only: the end of its weights, and each weight's
  // label, rising within a feature. None where `weights` has all.
  std::vector<std::size_t> weight_ends;
  std::vector<std::uint32_t> weight_labels;
  std::vector<float> bias;  // weights_per_feature
};

// The arrays of all features as the file holds them, in the order of their keys. The same for any number of threads.
struct EncodedFeatures {
  std::vector<std::uint32_t> order;  // place in the file → place in the content
  ScaleCode scale_code;
  std::vector<std::uint8_t> scales;
  std::string weights;
  SparseBytes sparse;  // where weights are left out; then `weights` is empty
  std::vector<std::uint16_t> weight_scales;
  std::uint32_t features_per_scale = 1;
};
// Throws Error(usage) for some labels' weights in a precision that has to write all labels' and more than 2 GiB of
// them.
EncodedFeatures encode_features(const LinearContent& content, const io::Executor& executor);

// A feature's values as the written file will give them back, for measuring what ships before it is complete.
struct QuantisedFeatures {
  std::vector<float> scales;   // in the order of LinearContent::keys
  std::vector<float> weights;  // in that of LinearContent::weights
};
QuantisedFeatures quantise(const LinearContent& content, const EncodedFeatures& encoded, const io::Executor& executor);

// `encoded`: what encode_features() made of this content.
std::string serialise(const LinearContent& content, const EncodedFeatures& encoded);
std::string serialise(const LinearContent& content);

}  // namespace textlambda::model::linear
