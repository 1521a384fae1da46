#include "textlambda/model/classifier.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

#include "textlambda/features/weighting.h"
#include "textlambda/model/half.h"
#include "textlambda/model/scale_code.h"
#include "textlambda/text/utf8.h"

namespace textlambda::model {

DocumentTraits Scratch::traits() const {
  const auto best = std::max_element(logits_.begin(), logits_.end()) - logits_.begin();
  return {n_grams_, known_n_grams_, std::max<std::size_t>(text_.size(), 2) - 2, static_cast<std::uint32_t>(best),
          confidence_log_odds(logits_)};
}

Classifier::Classifier(ModelFile file) : file_(std::move(file)) {
  const ScaleCode code{file_.scale_largest(), file_.scale_step()};
  for (std::size_t i = 0; i < scales_.size(); ++i) scales_[i] = code.decode(static_cast<std::uint8_t>(i));
}

// The keys of the text's n-grams of one group into `keys`; their number.
std::size_t Classifier::collect_keys(features::Group group, Scratch& scratch) const {
  const features::FeatureOptions& options = file_.feature_options();
  const bool characters = group == features::Group::characters;
  const features::NGramRange range = characters ? options.characters : options.words;
  // At each place in the text one n-gram of each length ends at most, and one negated token.
  const int ends = range.max - range.min + 1 + static_cast<int>(!characters && options.negation_scope > 0);
  const std::size_t most = scratch.text_.size() * static_cast<std::size_t>(ends);
  if (scratch.keys_.size() < most) scratch.keys_.resize(most);
  std::uint32_t* key = scratch.keys_.data();
  const unsigned shift = 64 - file_.hash_bits();
  const std::uint32_t group_bit = file_.key(0, group);
  const auto collect = [&](std::uint64_t hash, auto&&...) {
    *key++ = static_cast<std::uint32_t>(hash >> shift) | group_bit;
  };
  if (characters) {
    features::for_each_character_n_gram(scratch.text_, options, collect);
  } else {
    features::for_each_word_n_gram(scratch.text_, options, collect);
  }
  return static_cast<std::size_t>(key - scratch.keys_.data());
}

void Classifier::count_group(features::Group group, Scratch& scratch) const {
  // Keys first, look-ups after: their cache misses then overlap. What is known takes the place of the keys, without a
  // branch: whether an n-gram is known can hardly be predicted.
  const std::size_t count = collect_keys(group, scratch);
  scratch.n_grams_ += count;
  constexpr std::size_t kAhead = 16;
  const FeatureIndex index = file_.index();
  std::uint32_t* const keys = scratch.keys_.data();
  std::size_t known = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (i + kAhead < count) index.prefetch(keys[i + kAhead]);
    const std::uint32_t feature = index.find(keys[i]);
    keys[known] = feature;
    known += static_cast<std::size_t>(feature != FeatureIndex::kNone);
  }
  // However long the text, no more distinct terms than the model has features.
  scratch.counter_.reset(std::min(count / 2, file_.feature_count()));
  for (std::size_t i = 0; i < known; ++i) scratch.counter_.add(keys[i]);
}

template <typename Visit>
void Classifier::for_each_active(Scratch& scratch, Visit&& visit) const {
  const features::TermWeights& term_weights = features::term_weights();
  const std::uint8_t* codes = file_.scale_codes().data();
  scratch.n_grams_ = 0;
  scratch.known_n_grams_ = 0;
  for (const features::Group group : {features::Group::words, features::Group::characters}) {
    count_group(group, scratch);
    float squares = 0;
    for (const auto& term : scratch.counter_.terms()) {
      scratch.known_n_grams_ += term.count;
      const float value = term_weights[term.count] * scales_[codes[term.id]];
      squares += value * value;
    }
    if (!(squares > 0)) continue;
    const float inverse = 1.0F / std::sqrt(squares);
    for (const auto& term : scratch.counter_.terms()) {
      visit(term.id, term_weights[term.count] * scales_[codes[term.id]] * inverse);
    }
  }
}

void Classifier::add_row(std::uint32_t feature, float value, float* logits) const {
  const std::size_t width = file_.weights_per_feature();
  const char* bytes = file_.weights().data();
  switch (file_.precision()) {
    case Precision::int8: {
      const auto* row = reinterpret_cast<const std::int8_t*>(bytes) + feature * width;
      const float factor = value * from_half(file_.weight_scales()[feature / file_.features_per_weight_scale()]);
      for (std::size_t k = 0; k < width; ++k) logits[k] += factor * static_cast<float>(row[k]);
      return;
    }
    case Precision::float16: {
      const auto* row = reinterpret_cast<const std::uint16_t*>(bytes) + feature * width;
      for (std::size_t k = 0; k < width; ++k) logits[k] += value * from_half(row[k]);
      return;
    }
    case Precision::float32: {
      const auto* row = reinterpret_cast<const float*>(bytes) + feature * width;
      for (std::size_t k = 0; k < width; ++k) logits[k] += value * row[k];
      return;
    }
  }
}

Prediction Classifier::predict(std::string_view text) const {
  thread_local Scratch scratch;
  return predict(text, scratch);
}

Prediction Classifier::predict(std::string_view text, Scratch& scratch) const {
  scratch.text_.assign(text::repair_utf8(text, scratch.repaired_).text, file_.feature_options().normaliser);
  const std::size_t labels = file_.label_count();
  std::vector<float>& logits = scratch.logits_;
  logits.assign(labels, 0);
  std::copy(file_.bias().begin(), file_.bias().end(), logits.begin());
  for_each_active(scratch, [&](std::uint32_t feature, float value) { add_row(feature, value, logits.data()); });
  if (labels == 2) {  // log-odds of label 1, shared out evenly
    logits[1] = logits[0] / 2;
    logits[0] = -logits[1];
  }
  const float inverse_temperature = 1.0F / file_.temperature();
  for (float& logit : logits) logit *= inverse_temperature;

  const std::size_t best = static_cast<std::size_t>(std::max_element(logits.begin(), logits.end()) - logits.begin());
  std::vector<float>& probabilities = scratch.probabilities_;
  probabilities.resize(labels);
  float total = 0;
  for (std::size_t k = 0; k < labels; ++k) {
    probabilities[k] = std::exp(logits[k] - logits[best]);
    total += probabilities[k];
  }
  for (float& probability : probabilities) probability /= total;
  const float confidence = probabilities[best];
  return {file_.label(best), best, confidence, confidence < file_.abstain_threshold()};
}

std::vector<ActiveFeature> Classifier::active_features(std::string_view text) const {
  Scratch scratch;
  scratch.text_.assign(text, file_.feature_options().normaliser);
  std::vector<ActiveFeature> active;
  for_each_active(scratch, [&](std::uint32_t feature, float value) { active.push_back({feature, value}); });
  return active;
}

float Classifier::weight(std::uint32_t feature, std::size_t label) const {
  const std::size_t width = file_.weights_per_feature();
  const std::size_t at = feature * width + (width == 1 ? 0 : label);
  float weight = 0;
  switch (file_.precision()) {
    case Precision::int8:
      weight = static_cast<float>(static_cast<std::int8_t>(file_.weights()[at])) *
               from_half(file_.weight_scales()[feature / file_.features_per_weight_scale()]);
      break;
    case Precision::float16: {
      std::uint16_t half = 0;
      std::memcpy(&half, file_.weights().data() + at * sizeof half, sizeof half);
      weight = from_half(half);
      break;
    }
    case Precision::float32:
      std::memcpy(&weight, file_.weights().data() + at * sizeof weight, sizeof weight);
      break;
  }
  if (width == 1) return label == 1 ? weight / 2 : -weight / 2;
  return weight;
}

float Classifier::bias(std::size_t label) const {
  const float bias = file_.bias()[file_.weights_per_feature() == 1 ? 0 : label];
  if (file_.weights_per_feature() == 1) return label == 1 ? bias / 2 : -bias / 2;
  return bias;
}

}  // namespace textlambda::model
