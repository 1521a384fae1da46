#include "textlambda/lambda/classification.h"

#include <span>
#include <string_view>

#include "textlambda/json/write.h"
#include "textlambda/model/most_probable.h"

namespace textlambda::lambda {

std::vector<Score> top_scores(const model::Scratch& scratch, std::size_t top_k) {
  const std::span<const float> probabilities = scratch.probabilities();
  std::vector<Score> scores;
  for (const std::size_t label : model::most_probable(probabilities, top_k)) {
    scores.push_back({label, probabilities[label]});
  }
  return scores;
}

ClassificationWriter::ClassificationWriter(const model::Classifier& classifier) : classifier_(classifier) {
  const model::ModelFile& file = classifier.file();
  std::string figures = ",\"training_loss\":";
  json::append_number(figures, file.training_loss());
  figures += ",\"training_accuracy\":";
  json::append_number(figures, file.training_accuracy());
  model_members_ = ",\"model\":\"" + file.id() + "\"" + figures;

  health_card_ = "{\"id\":\"" + file.id() + "\",\"labels\":[";
  for (std::size_t i = 0; i < classifier.label_count(); ++i) {
    std::string quoted;
    json::append_string(quoted, classifier.label(i));
    if (i > 0) health_card_ += ',';
    health_card_ += quoted;
    quoted_labels_.push_back(std::move(quoted));
  }
  health_card_ += "]" + figures + ",\"features\":" + std::to_string(file.feature_count()) + "}";
}

void ClassificationWriter::append(std::string& json, const Classification& classification, bool with_status) const {
  json += '{';
  append_members(json, classification, with_status);
  json += '}';
}

void ClassificationWriter::append_members(std::string& json, const Classification& classification,
                                          bool with_status) const {
  json += "\"label\":";
  json += quoted_labels_[classification.label_index];
  json += ",\"confidence\":";
  json::append_number(json, classification.confidence);
  json += classification.abstained ? ",\"abstained\":true" : ",\"abstained\":false";
  if (!classification.scores.empty()) {
    json += ",\"scores\":[";
    const char* separator = "";
    for (const Score& score : classification.scores) {
      json += separator;
      json += "{\"label\":";
      json += quoted_labels_[score.label_index];
      json += ",\"confidence\":";
      json::append_number(json, score.confidence);
      json += '}';
      separator = ",";
    }
    json += ']';
  }
  if (with_status) {
    json += ",\"status\":";
    json += quoted_labels_[classification.label_index];
  }
  json += model_members_;
}

}  // namespace textlambda::lambda
