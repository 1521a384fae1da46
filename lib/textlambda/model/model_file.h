// A model file, mapped and verified. Reading it is mapping it: nothing is parsed or copied, however large the model.
// All views live as long as the object. Movable; a const ModelFile may be shared between threads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "textlambda/features/n_grams.h"
#include "textlambda/features/options.h"
#include "textlambda/io/mapped_file.h"
#include "textlambda/model/feature_index.h"
#include "textlambda/model/precision.h"
#include "textlambda/model/row_filter.h"
#include "textlambda/model/sketch.h"

namespace textlambda::model {

// One of the strongest n-grams of a label, kept for people to read.
struct LabelNGram {
  std::uint32_t label = 0;
  float weight = 0;  // what one occurrence alone in its text would add to the label's logit
  std::string_view text;
};

class ModelFile {
 public:
  // Maps and verifies `path`. Any flipped bit, truncation, or size that is not true throws Error(input_output) naming
  // the file and what is wrong. Nothing in a file that passes can make a later call read outside it.
  static ModelFile open(const std::string& path);
  // The same over bytes in memory, 64-byte aligned, which have to outlive the object; `name` is for messages.
  static ModelFile view(std::string_view bytes, const std::string& name);

  std::size_t label_count() const { return label_count_; }
  std::string_view label(std::size_t index) const;
  std::size_t feature_count() const { return feature_count_; }

  const features::FeatureOptions& feature_options() const { return feature_options_; }
  unsigned hash_bits() const { return hash_bits_; }
  const FeatureIndex& index() const { return index_; }
  // The key of an n-gram in the index.
  std::uint32_t key(std::uint64_t hash, features::Group group) const {
    return feature_key(static_cast<std::uint32_t>(hash >> (64 - hash_bits_)), group, hash_bits_, feature_options_);
  }

  // The scale of a feature, by its code in scale_codes().
  std::span<const std::uint8_t> scale_codes() const { return scale_codes_; }
  float scale_largest() const { return scale_largest_; }
  float scale_step() const { return scale_step_; }

  Precision precision() const { return precision_; }
  // 1 for two labels (log-odds of label 1), else label_count().
  std::size_t weights_per_feature() const { return label_count_ == 2 ? 1 : label_count_; }
  // int8_t, half or float, feature_count × weights_per_feature; a feature's weights stand together.
  std::string_view weights() const { return weights_; }
  // int8 only: halves, one for each run of features_per_weight_scale() features.
  std::span<const std::uint16_t> weight_scales() const { return weight_scales_; }
  std::size_t features_per_weight_scale() const { return features_per_weight_scale_; }
  std::span<const float> bias() const { return bias_; }  // weights_per_feature

  float temperature() const { return temperature_; }
  float abstain_threshold() const { return abstain_threshold_; }
  double training_loss() const { return training_loss_; }
  double training_accuracy() const { return training_accuracy_; }

  // Strongest first within a label, labels in order.
  std::vector<LabelNGram> strongest_n_grams() const;
  // One JSON object: what the training printed. Checked to be present, not parsed.
  std::string_view card() const { return card_; }

  // What held-out documents looked like; `documents` is 0 where nothing was held out or no sketch is kept.
  Sketch sketch() const { return read_sketch(sketch_, label_count_); }
  // The rows the model was trained on.
  const RowFilter& row_filter() const { return row_filter_; }

  std::string_view bytes() const { return bytes_; }
  // 16 hexadecimal digits of a hash over all content: tells two models apart, not a signature.
  std::string id() const;

 private:
  ModelFile() = default;
  void verify(const std::string& name);

  io::MappedFile file_;
  std::string_view bytes_;
  std::size_t label_count_ = 0;
  std::size_t feature_count_ = 0;
  features::FeatureOptions feature_options_;
  unsigned hash_bits_ = 0;
  FeatureIndex index_;
  std::span<const std::uint8_t> scale_codes_;
  float scale_largest_ = 0;
  float scale_step_ = 0;
  Precision precision_ = Precision::int8;
  std::string_view weights_;
  std::span<const std::uint16_t> weight_scales_;
  std::size_t features_per_weight_scale_ = 1;
  std::span<const float> bias_;
  float temperature_ = 1;
  float abstain_threshold_ = 0;
  double training_loss_ = 0;
  double training_accuracy_ = 0;
  std::span<const std::uint32_t> label_offsets_;
  std::string_view label_bytes_;
  std::string_view strings_;
  std::string_view card_;
  std::string_view sketch_;
  RowFilter row_filter_;
};

}  // namespace textlambda::model
