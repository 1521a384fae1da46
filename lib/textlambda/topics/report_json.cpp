#include <nlohmann/json.hpp>

#include "textlambda/topics/options.h"
#include "textlambda/topics/report.h"

namespace textlambda::topics {
namespace {

using Json = nlohmann::json;

Json terms_json(const std::vector<GroupTerm>& terms) {
  Json list = Json::array();
  for (const GroupTerm& term : terms) {
    list.push_back({{"text", term.text}, {"inside", term.inside}, {"outside", term.outside}});
  }
  return list;
}

Json examples_json(const TopicReport& report, const std::vector<ExampleText>& examples) {
  Json list = Json::array();
  for (const ExampleText& example : examples) {
    list.push_back({{"text", example.text},
                    {"file", example.location.file},
                    {"line", example.location.line},
                    {"confidence", example.confidence},
                    {"second", report.groups[example.second].label}});
  }
  return list;
}

// Not the files' names: the same texts under another path must give the same model.
Json inputs_json(const TopicReport& report) {
  Json list = Json::array();
  for (const corpus::InputDescription& input : report.inputs) {
    list.push_back({{"format", input.format}, {"text", input.text}, {"bytes", input.bytes}});
  }
  return list;
}

Json common_json(const TopicReport& report) {
  return {{"tool_version", report.tool_version},
          {"corpus_sha256", report.corpus_sha256},
          {"configuration_sha256", report.configuration_sha256},
          {"options", Json::parse(report.options_json, nullptr, false)},
          {"inputs", inputs_json(report)},
          {"documents", report.texts},
          {"labelled_documents", report.labelled_texts},
          {"distinct_documents", report.distinct_texts},
          {"clustered_documents", report.clustered_texts},
          {"features", {{"found", report.features}, {"kept", report.features}}},
          {"log_likelihood", report.log_likelihood},
          {"method", report.is_by_em ? "mixture" : "clustering"},
          {"agreement", {{"clusterings", report.agreement.clusterings}, {"mixtures", report.agreement.mixtures}}}};
}

std::string dump(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

}  // namespace

std::string to_json(const TopicOptions& options) {
  Json json = {{"k", options.k},
               {"seed", options.seed},
               {"restarts", options.restarts},
               {"most_texts_clustering", options.most_texts_clustering},
               {"most_texts_mixture", options.most_texts_mixture},
               {"most_clustered", options.most_clustered},
               {"abstain_threshold", options.abstain_threshold}};
  for (const SeedLabel& seed : options.seeds) json["seeds"].push_back({{"label", seed.label}, {"words", seed.words}});
  return dump(json);
}

std::string card_json(const TopicReport& report) {
  Json json = common_json(report);
  json["topics"] = Json::array();
  for (const GroupReport& group : report.groups) {
    json["topics"].push_back({{"label", group.label}, {"terms", terms_json(group.terms)}});
  }
  return dump(json);
}

std::string to_json(const TopicReport& report) {
  Json json = common_json(report);
  json["unknown_documents"] = report.unknown_texts;
  json["repaired_rows"] = report.faults.repaired_rows;
  json["skipped_rows"] = report.faults.bad_row_count;
  json["warnings"] = report.warnings;
  json["groups"] = Json::array();
  for (const GroupReport& group : report.groups) {
    json["groups"].push_back({{"label", group.label},
                              {"documents", group.texts},
                              {"mean_confidence", group.mean_confidence},
                              {"terms", terms_json(group.terms)},
                              {"typical", examples_json(report, group.typical)},
                              {"borderline", examples_json(report, group.borderline)}});
  }
  json["overlaps"] = Json::array();
  for (const Overlap& overlap : report.overlaps) {
    json["overlaps"].push_back({{"labels", {report.groups[overlap.first].label, report.groups[overlap.second].label}},
                                {"documents", overlap.texts}});
  }
  return dump(json);
}

}  // namespace textlambda::topics
