// What a text was classified as, and how an answer shows it.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "textlambda/model/classifier.h"

namespace textlambda::lambda {

struct Score {
  std::size_t label_index = 0;
  float confidence = 0;
};

struct Classification {
  std::size_t label_index = 0;
  float confidence = 0;
  bool abstained = false;
  std::vector<Score> scores;  // the most probable labels, if asked for; of equals, the earlier label
};

// `top_k` of the classifier's labels, by what the last prediction left in `scratch`.
std::vector<Score> top_scores(const model::Scratch& scratch, std::size_t top_k);

// Writes classifications as JSON objects. Keeps what is the same in each of them. Immutable, thread-safe.
class ClassificationWriter {
 public:
  // The classifier has to outlive the writer.
  explicit ClassificationWriter(const model::Classifier& classifier);

  // {"label","confidence","abstained","scores"?,"status"?,"model","training_loss","training_accuracy"}
  void append(std::string& json, const Classification& classification, bool with_status) const;
  // The same without the braces, for an object that has more members.
  void append_members(std::string& json, const Classification& classification, bool with_status) const;

  std::string_view label(std::size_t index) const { return classifier_.label(index); }
  std::size_t label_count() const { return quoted_labels_.size(); }
  const std::string& quoted_label(std::size_t index) const { return quoted_labels_[index]; }
  // The model's health card: id, labels, training_loss, training_accuracy and the size of the model.
  const std::string& health_card() const { return health_card_; }

 private:
  const model::Classifier& classifier_;
  std::vector<std::string> quoted_labels_;
  std::string model_members_;
  std::string health_card_;
};

}  // namespace textlambda::lambda
