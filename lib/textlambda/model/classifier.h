// A text classifier ready to use: load a model file, ask for the label of a text.
//
//   const auto classifier = textlambda::model::Classifier::load("model.tlm");
//   const auto prediction = classifier.predict("I was charged twice this month");
//   std::cout << prediction.label << ' ' << prediction.confidence << '\n';
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "textlambda/features/n_grams.h"
#include "textlambda/features/term_counter.h"
#include "textlambda/model/model_file.h"
#include "textlambda/text/normaliser.h"

namespace textlambda::model {

struct Prediction {
  std::string_view label;  // lives as long as the classifier
  std::size_t label_index = 0;
  float confidence = 0;    // the label's probability, calibrated
  bool abstained = false;  // the confidence is below the model's abstain threshold
};

// Memory that predictions reuse. One a thread; holds nothing between calls that matters.
class Scratch {
 public:
  // Of the last prediction made with it, a label: probabilities that add up to 1, and the calibrated logits they are
  // the softmax of.
  std::span<const float> probabilities() const { return probabilities_; }
  std::span<const float> logits() const { return logits_; }
  // What drift looks at in that text.
  DocumentTraits traits() const;

 private:
  friend class Classifier;
  text::NormalisedText text_;
  features::TermCounter counter_;
  std::vector<std::uint32_t> keys_;
  std::vector<float> logits_;
  std::vector<float> probabilities_;
  std::string repaired_;
  std::size_t n_grams_ = 0;
  std::size_t known_n_grams_ = 0;
};

// A feature of a text: its number in the model and its value in the text's vector.
struct ActiveFeature {
  std::uint32_t feature = 0;
  float value = 0;
};

class Classifier {
 public:
  // Throws Error(input_output) for a missing or damaged file.
  static Classifier load(const std::string& path) { return Classifier(ModelFile::open(path)); }
  explicit Classifier(ModelFile file);

  // Any bytes are a text: broken UTF-8 counts as U+FFFD. Thread-safe; allocates nothing once the scratch (the thread's
  // own, in the first form) has seen a text as long.
  Prediction predict(std::string_view text) const;
  Prediction predict(std::string_view text, Scratch& scratch) const;

  std::size_t label_count() const { return file_.label_count(); }
  std::string_view label(std::size_t index) const { return file_.label(index); }
  const ModelFile& file() const { return file_; }

  // The vector behind a prediction, in no particular order; the calibrated logits are
  // (bias + Σ value · weight(feature, ·)) / temperature. `text` must be valid UTF-8.
  std::vector<ActiveFeature> active_features(std::string_view text) const;
  // A feature's weight for a label; for two labels, half the log-odds with the label's sign, so that they mirror.
  float weight(std::uint32_t feature, std::size_t label) const;
  float bias(std::size_t label) const;

 private:
  std::size_t collect_keys(features::Group group, Scratch& scratch) const;
  // Counts the text's known features of one group in scratch.counter_.
  void count_group(features::Group group, Scratch& scratch) const;
  template <typename Visit>
  void for_each_active(Scratch& scratch, Visit&& visit) const;
  void add_row(std::uint32_t feature, float value, float* logits) const;

  ModelFile file_;
  std::array<float, 256> scales_{};  // by code
};

}  // namespace textlambda::model
