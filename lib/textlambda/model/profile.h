// What a model of any kind says of itself: its labels, how it reads a text, how sure its answers are, what it was made
// of. Views into a file's bytes, which have to outlive it. A const Profile may be shared between threads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "textlambda/features/n_grams.h"
#include "textlambda/features/options.h"
#include "textlambda/model/container.h"
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

inline constexpr std::uint32_t kMostLabels = 1U << 20;

class Profile {
 public:
  std::size_t label_count() const { return settings_->label_count; }
  std::string_view label(std::size_t index) const;

  const features::FeatureOptions& feature_options() const { return feature_options_; }
  std::size_t feature_count() const { return settings_->feature_count; }
  unsigned hash_bits() const { return settings_->hash_bits; }
  // The key of an n-gram in an index of features.
  std::uint32_t key(std::uint64_t hash, features::Group group) const {
    return feature_key(static_cast<std::uint32_t>(hash >> (64 - hash_bits())), group, hash_bits(), feature_options_);
  }
  Precision precision() const { return static_cast<Precision>(settings_->precision); }

  float temperature() const { return settings_->temperature; }
  float abstain_threshold() const { return settings_->abstain_threshold; }
  double training_loss() const { return settings_->training_loss; }
  double training_accuracy() const { return settings_->training_accuracy; }

  // Strongest first within a label, labels in order.
  std::vector<LabelNGram> strongest_n_grams() const;
  // One JSON object: what the training printed. Checked to be present, not parsed.
  std::string_view card() const { return card_; }

  // What held-out documents looked like; `documents` is 0 where nothing was held out or no sketch is kept.
  Sketch sketch() const { return read_sketch(sketch_, label_count()); }
  // The rows the model was trained on.
  const RowFilter& row_filter() const { return row_filter_; }

  // As they lie in the file, for the kind of model.
  const format::Settings& settings() const { return *settings_; }

 protected:
  Profile() = default;
  // Throws Error(input_output) for whatever no model can say.
  explicit Profile(const Container& container);

 private:
  void read_settings(const Container& container);
  void read_labels(const Container& container);
  void read_strings(const Container& container);

  const format::Settings* settings_ = nullptr;
  features::FeatureOptions feature_options_;
  std::span<const std::uint32_t> label_offsets_;
  std::string_view label_bytes_;
  std::string_view strings_;
  std::string_view card_;
  std::string_view sketch_;
  RowFilter row_filter_;
};

}  // namespace textlambda::model
