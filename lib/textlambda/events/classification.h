// What a text was classified as, in plain data, and how an answer shows it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace textlambda::events {

struct Score {
  std::size_t label_index = 0;  // among ModelFacts::labels
  float confidence = 0;
};

struct Classification {
  std::size_t label_index = 0;
  float confidence = 0;
  bool abstained = false;
  std::vector<Score> scores;  // the most probable labels, if asked for; of equals, the earlier label
};

// What answers say of the model.
struct ModelFacts {
  std::string id;
  std::vector<std::string_view> labels;  // borrowed
  double training_loss = 0;
  double training_accuracy = 0;
  std::size_t features = 0;
};

// Writes classifications as JSON objects. Keeps what is the same in each of them. Immutable, thread-safe.
class ClassificationWriter {
 public:
  // The labels have to outlive the writer.
  explicit ClassificationWriter(const ModelFacts& model);
  // Of a function that classifies nothing: what it answers to a question for its health.
  explicit ClassificationWriter(std::string health_card) : health_card_(std::move(health_card)) {}

  // {"label","confidence","abstained","scores"?,"status"?,"model","training_loss","training_accuracy"}, without the
  // braces, for an object that may have more members.
  void append_members(std::string& json, const Classification& classification, bool with_status) const;

  std::string_view label(std::size_t index) const { return labels_[index]; }
  std::size_t label_count() const { return labels_.size(); }
  const std::string& quoted_label(std::size_t index) const { return quoted_labels_[index]; }
  // The model's health card: id, labels, training_loss, training_accuracy and the size of the model.
  const std::string& health_card() const { return health_card_; }

 private:
  std::vector<std::string_view> labels_;
  std::vector<std::string> quoted_labels_;
  std::string model_members_;
  std::string health_card_;
};

}  // namespace textlambda::events
