// The sections that a model of any kind has in its file, from what was fitted.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "textlambda/features/options.h"
#include "textlambda/model/container.h"
#include "textlambda/model/precision.h"
#include "textlambda/model/sketch.h"

namespace textlambda::model {

// What a file says of its model besides the model itself (profile.h reads it back).
struct ProfileContent {
  features::FeatureOptions feature_options;
  std::vector<std::string> labels;  // sorted by their bytes, at least two
  unsigned hash_bits = 0;
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

// The settings that do not depend on the kind of model; the others are 0.
format::Settings make_settings(const ProfileContent& content, std::size_t feature_count);

// The sections of a file, put in any order.
class SectionList {
 public:
  // Borrowed: `bytes` and `values` have to outlive the list.
  void put(format::SectionKind kind, std::string_view bytes) { sections_.push_back({kind, bytes}); }
  template <typename T>
  void put(format::SectionKind kind, const std::vector<T>& values) {
    put(kind, {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)});
  }
  // All that every kind of model has. `settings`: complete; `content` has to outlive the list.
  void put_profile(const ProfileContent& content, const format::Settings& settings);

  // The file, of the lowest version that can say what `settings` say.
  std::string file(const format::Settings& settings) const;

 private:
  void put_own(format::SectionKind kind, std::string bytes);

  std::vector<SectionBytes> sections_;
  std::deque<std::string> own_;  // bytes that nobody else has
};

// A model file's bytes with another abstain threshold (0 … 1) and true checksums; all else as it was. `model`: bytes
// that ModelFile has verified.
std::string with_abstain_threshold(std::string_view model, float threshold);

}  // namespace textlambda::model
