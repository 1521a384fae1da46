#include "textlambda/train/card.h"

#include <nlohmann/json.hpp>

namespace textlambda::train {
namespace {

nlohmann::json range_json(const features::NGramRange& range) {
  return range.empty() ? nlohmann::json(nullptr) : nlohmann::json::array({range.min, range.max});
}

nlohmann::json held_out_json(const HeldOutReport& held_out) {
  return {{"documents", held_out.documents},
          {"parts", held_out.parts},
          {"accuracy", held_out.accuracy},
          {"accuracy_interval", {held_out.accuracy_interval.low, held_out.accuracy_interval.high}},
          {"log_loss", held_out.log_loss},
          {"ece", held_out.ece}};
}

nlohmann::json unlabelled_json(const UnlabelledReport& report) {
  return {{"texts", report.texts},
          {"sha256", report.sha256},
          {"distinguishability", report.distinguishability},
          {"adopted", report.adopted},
          {"trial_documents", report.without.documents},
          {"accuracy_without", report.without.accuracy()},
          {"accuracy_with", report.with.accuracy()}};
}

}  // namespace

std::string to_json(const TrainingReport& report) {
  nlohmann::json json;
  json["tool_version"] = report.tool_version;
  json["corpus_sha256"] = report.corpus_sha256;
  json["configuration_sha256"] = report.configuration_sha256;
  json["options"] = nlohmann::json::parse(report.options_json);
  // Not the files' names: the same corpus under another path must give the same model.
  json["inputs"] = nlohmann::json::array();
  for (const corpus::InputDescription& input : report.inputs) {
    json["inputs"].push_back(
        {{"format", input.format}, {"text", input.text}, {"label", input.label}, {"bytes", input.bytes}});
  }
  json["documents"] = report.documents;
  json["repaired_rows"] = report.repaired_rows;
  json["skipped_rows"] = report.bad_row_count;
  json["labels"] = nlohmann::json::array();
  for (const auto& label : report.labels) {
    json["labels"].push_back({{"label", label.label}, {"documents", label.documents}});
  }
  json["features"] = {{"words", range_json(report.words)},
                      {"characters", range_json(report.characters)},
                      {"negation_scope", report.negation_scope},
                      {"lower_case", report.lower_case},
                      {"found", report.features_found},
                      {"trained", report.features_trained},
                      {"kept", report.features_kept},
                      {"min_documents", report.min_documents},
                      {"keep", report.keep}};
  json["c"] = report.c;
  json["epochs"] = report.epochs;
  json["gap"] = report.gap;
  json["converged"] = report.converged;
  json["temperature"] = report.temperature;
  json["training_loss"] = report.training_loss;
  json["training_accuracy"] = report.training_accuracy;
  json["held_out"] = report.held_out ? held_out_json(*report.held_out) : nlohmann::json(nullptr);
  if (report.unlabelled) json["unlabelled"] = unlabelled_json(*report.unlabelled);
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace textlambda::train
