// The linear kind of model: logits = bias + Σ value · weights over the features of a text; for two labels the log-odds
// of label 1, shared out evenly. A view into a file's bytes, which have to outlive it; const use is thread-safe.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "textlambda/features/sparse_row.h"
#include "textlambda/model/explanation.h"
#include "textlambda/model/linear/sections.h"
#include "textlambda/model/profile.h"
#include "textlambda/model/read_text.h"

namespace textlambda::model::linear {

class LinearModel {
 public:
  // Throws Error(input_output) for sections that are none of a linear model.
  LinearModel(const Container& container, const Profile& profile);

  // The vector of the text that `text` holds; valid until the next text. `profile`, here and below: the model's.
  features::SparseRow read(const Profile& profile, ReadText& text) const;
  // Its logits, before the temperature: label_count numbers.
  void logits(const Profile& profile, ReadText& text, float* out) const;

  // What each n-gram of a text of valid UTF-8 adds to the logit of a label, behind the temperature.
  Explanation explain(const Profile& profile, std::string_view text, std::size_t label) const;

  // A feature's weight for a label; for two labels, half the log-odds with the label's sign, so that they mirror.
  float weight(std::uint32_t feature, std::size_t label) const;
  float bias(std::size_t label) const;
  const Sections& sections() const { return sections_; }

 private:
  float stored_weight(std::size_t at, std::uint32_t feature) const;

  Sections sections_;
  Precision precision_;
  std::array<float, 256> scales_{};  // by code
};

}  // namespace textlambda::model::linear
