// A text classifier ready to use: load a model file, ask for the label of a text.
//
//   const auto classifier = textlambda::model::Classifier::load("model.tlm");
//   const auto prediction = classifier.predict("I was charged twice this month");
//   std::cout << prediction.label << ' ' << prediction.confidence << '\n';
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "textlambda/model/model_file.h"
#include "textlambda/model/read_text.h"
#include "textlambda/model/sketch.h"

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
  ReadText text_;
  std::vector<float> logits_;
  std::vector<float> probabilities_;
  std::string repaired_;
};

class Classifier {
 public:
  // Throws Error(input_output) for a missing or damaged file.
  static Classifier load(const std::string& path) { return Classifier(ModelFile::open(path)); }
  explicit Classifier(ModelFile file) : file_(std::move(file)) {}

  // Any bytes are a text: broken UTF-8 counts as U+FFFD. Thread-safe; allocates nothing once the scratch (the thread's
  // own, in the first form) has seen a text as long.
  Prediction predict(std::string_view text) const;
  Prediction predict(std::string_view text, Scratch& scratch) const;

  std::size_t label_count() const { return file_.label_count(); }
  std::string_view label(std::size_t index) const { return file_.label(index); }
  const ModelFile& file() const { return file_; }

 private:
  ModelFile file_;
};

}  // namespace textlambda::model
