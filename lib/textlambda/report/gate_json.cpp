#include "textlambda/report/gate_json.h"

#include <nlohmann/json.hpp>

#include "textlambda/metrics/metrics_json.h"

namespace textlambda::report {
namespace {

using metrics::interval_json;
using Json = nlohmann::json;

Json location_json(const corpus::Location& location) { return {{"file", location.file}, {"line", location.line}}; }

Json identity_json(const gate::RunIdentity& identity) {
  return {{"name", identity.name},
          {"tool_version", identity.tool_version},
          {"git_revision", identity.git_revision},
          {"model_sha256", identity.model_sha256},
          {"configuration_sha256", identity.configuration_sha256},
          {"training_sha256", identity.training_sha256},
          {"test_sha256", identity.test_sha256},
          {"predictions_digest", identity.predictions_digest},
          {"temperature", identity.temperature}};
}

Json check_json(const gate::Comparison& comparison, const gate::RelativeCheck& check) {
  Json result = {{"reference", comparison.references[check.reference].identity.name},
                 {"metric", check.metric},
                 {"named", check.named},
                 {"lower_is_better", check.lower_is_better},
                 {"n", check.n},
                 {"before", check.before},
                 {"after", check.after},
                 {"delta", check.delta},
                 {"interval", interval_json(check.interval)},
                 {"allowed", check.margin},
                 {"p", check.p},
                 {"holm_p", check.holm_p},
                 {"verdict", gate::verdict_name(check.verdict)},
                 {"verdict_alone", gate::verdict_name(check.verdict_alone)},
                 {"detectable", check.detectable},
                 {"rows_needed", check.needed},
                 {"method", check.method}};
  if (check.flips) {
    result["newly_wrong"] = check.flips->newly_wrong;
    result["newly_right"] = check.flips->newly_right;
  }
  if (check.clusters > 0) result["clusters"] = check.clusters;
  return result;
}

Json limits_json(const gate::Comparison& comparison) {
  Json limits = Json::array();
  for (const gate::LimitCheck& check : comparison.limits) {
    limits.push_back({{"metric", check.metric},
                      {check.is_floor ? "min" : "max", check.limit},
                      {"value", check.value},
                      {"n", check.n},
                      {"met", check.met}});
  }
  return limits;
}

Json changed_rows_json(const std::vector<gate::ChangedRow>& rows) {
  Json result = Json::array();
  for (const gate::ChangedRow& row : rows) {
    Json entry = location_json(row.location);
    if (!row.label_before.empty()) entry["label_before"] = row.label_before;
    if (!row.label_after.empty()) entry["label_after"] = row.label_after;
    result.push_back(std::move(entry));
  }
  return result;
}

Json dataset_json(const gate::DatasetChange& change) {
  return {{"before", change.before},
          {"after", change.after},
          {"compared", change.compared},
          {"added", change.added},
          {"repeated", change.repeated},
          {"removed", change.removed},
          {"relabelled", change.relabelled},
          {"added_rows", changed_rows_json(change.added_rows)},
          {"removed_rows", changed_rows_json(change.removed_rows)},
          {"relabelled_rows", changed_rows_json(change.relabelled_rows)}};
}

Json reference_json(const gate::Reference& reference) {
  Json metrics = Json::array();
  for (const gate::MetricChange& change : reference.metrics) {
    Json entry = {{"metric", change.metric}, {"before", change.before}, {"after", change.after}};
    if (change.interval) entry["interval"] = interval_json(*change.interval);
    metrics.push_back(std::move(entry));
  }
  Json labels = Json::array();
  for (const gate::LabelChange& label : reference.labels) {
    labels.push_back({{"label", label.label},
                      {"support", label.support},
                      {"precision", {label.precision_before, label.precision_after}},
                      {"recall", {label.recall_before, label.recall_after}},
                      {"f1", {label.f1_before, label.f1_after}}});
  }
  Json slices = Json::array();
  for (const gate::SliceChange& slice : reference.slices) {
    slices.push_back({{"column", slice.column},
                      {"value", slice.value},
                      {"n", slice.n},
                      {"accuracy", {slice.accuracy_before, slice.accuracy_after}},
                      {"newly_wrong", slice.newly_wrong},
                      {"newly_right", slice.newly_right}});
  }
  return {{"role", reference.role == gate::Role::anchor ? "anchor" : "baseline"},
          {"run", identity_json(reference.identity)},
          {"test_set", dataset_json(reference.dataset)},
          {"same_predictions", reference.same_predictions},
          {"newly_wrong", reference.flips.newly_wrong},
          {"newly_right", reference.flips.newly_right},
          {"metrics", std::move(metrics)},
          {"labels", std::move(labels)},
          {"slices", std::move(slices)}};
}

Json example_json(const gate::ExampleRow& row, bool texts) {
  Json result = location_json(row.location);
  result["truth"] = row.truth;
  result["predicted"] = row.predicted;
  result["confidence"] = row.confidence;
  if (!texts || row.text.empty()) return result;
  result["text"] = row.text;
  Json reasons = Json::array();
  for (const model::Contribution& reason : row.reasons) {
    reasons.push_back({{"n_gram", reason.n_gram}, {"logit", reason.logit}});
  }
  result["reasons"] = std::move(reasons);
  return result;
}

Json flips_json(const std::vector<gate::Flip>& flips, bool texts) {
  Json result = Json::array();
  for (const gate::Flip& flip : flips) {
    Json entry = example_json(flip.row, texts);
    entry["predicted_before"] = flip.predicted_before;
    entry["confidence_before"] = flip.confidence_before;
    result.push_back(std::move(entry));
  }
  return result;
}

Json table_json(const gate::RunTable& table) {
  Json runs = Json::array();
  for (const gate::RunRow& run : table.runs) {
    runs.push_back({{"name", run.name},
                    {"accuracy", run.accuracy},
                    {"accuracy_interval", interval_json(run.interval)},
                    {"group", run.group}});
  }
  Json pairs = Json::array();
  for (const gate::RunPair& pair : table.pairs) {
    pairs.push_back({{"runs", {table.runs[pair.a].name, table.runs[pair.b].name}},
                     {"difference", pair.difference},
                     {"critical_difference", pair.critical},
                     {"holm_p", pair.holm_p}});
  }
  return {{"n", table.n}, {"runs", std::move(runs)}, {"pairs", std::move(pairs)}};
}

}  // namespace

Json slices_json(const gate::Comparison& comparison) {
  Json slices = Json::array();
  for (const metrics::SliceMetrics& slice : comparison.slices) {
    slices.push_back({{"column", slice.column},
                      {"value", slice.value},
                      {"n", slice.metrics.n},
                      {"accuracy", slice.metrics.accuracy},
                      {"accuracy_interval", interval_json(slice.metrics.accuracy_interval)},
                      {"macro_f1", slice.metrics.macro_f1},
                      {"log_loss", slice.metrics.log_loss}});
  }
  return slices;
}

Json gate_json(const Report& report) {
  const gate::Comparison& comparison = report.comparison;
  Json checks = Json::array();
  for (const gate::RelativeCheck& check : comparison.checks) checks.push_back(check_json(comparison, check));
  Json references = Json::array();
  for (const gate::Reference& reference : comparison.references) references.push_back(reference_json(reference));
  Json result = {{"verdict", gate::decision_name(comparison.decision)},
                 {"sentence", comparison.sentence},
                 {"alpha", comparison.alpha},
                 {"run", identity_json(comparison.candidate)},
                 {"limits", limits_json(comparison)},
                 {"checks", std::move(checks)},
                 {"references", std::move(references)},
                 {"newly_wrong", flips_json(comparison.newly_wrong, report.texts)},
                 {"newly_right", flips_json(comparison.newly_right, report.texts)}};
  if (comparison.table) result["table"] = table_json(*comparison.table);
  return result;
}

}  // namespace textlambda::report
