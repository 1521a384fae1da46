#include "textlambda/events/classification.h"

#include <utility>

#include "textlambda/json/write.h"

namespace textlambda::events {

ClassificationWriter::ClassificationWriter(const ModelFacts& model) : labels_(model.labels) {
  std::string figures = ",\"training_loss\":";
  json::append_number(figures, model.training_loss);
  figures += ",\"training_accuracy\":";
  json::append_number(figures, model.training_accuracy);
  model_members_ = ",\"model\":\"" + model.id + "\"" + figures;

  health_card_ = "{\"id\":\"" + model.id + "\",\"labels\":[";
  quoted_labels_.reserve(labels_.size());
  for (const std::string_view label : labels_) {
    std::string quoted;
    json::append_string(quoted, label);
    if (!quoted_labels_.empty()) health_card_ += ',';
    health_card_ += quoted;
    quoted_labels_.push_back(std::move(quoted));
  }
  health_card_ += "]" + figures + ",\"features\":" + std::to_string(model.features) + "}";
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

}  // namespace textlambda::events
