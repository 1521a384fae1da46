#include "textlambda/report/json.h"

#include <nlohmann/json.hpp>

#include "textlambda/report/gate_json.h"
#include "textlambda/report/report.h"

namespace textlambda::report {
namespace {

using nlohmann::json;

json evaluation_json(const evaluate::Evaluation& evaluation) {
  const evaluate::Metrics& metrics = evaluation.metrics;
  json labels = json::array();
  json unknown = json::array();
  json rows = json::array();
  json columns = json::array();
  for (const evaluate::LabelMetrics& label : metrics.labels) {
    labels.push_back({{"label", label.label},
                      {"known", label.known},
                      {"support", label.support},
                      {"predicted", label.predicted},
                      {"correct", label.correct},
                      {"precision", label.precision()},
                      {"recall", label.recall()},
                      {"f1", label.f1()},
                      {"auroc", label.auroc},
                      {"average_precision", label.average_precision}});
    rows.push_back(label.label);
    if (label.known) {
      columns.push_back(label.label);
    } else {
      unknown.push_back({{"label", label.label}, {"count", label.support}});
    }
  }
  return {{"n", metrics.n},
          {"correct", metrics.correct},
          {"accuracy", metrics.accuracy},
          {"accuracy_interval", {metrics.accuracy_interval.low, metrics.accuracy_interval.high}},
          {"balanced_accuracy", metrics.balanced_accuracy},
          {"macro_precision", metrics.macro_precision},
          {"macro_recall", metrics.macro_recall},
          {"macro_f1", metrics.macro_f1},
          {"weighted_precision", metrics.weighted_precision},
          {"weighted_recall", metrics.weighted_recall},
          {"weighted_f1", metrics.weighted_f1},
          {"micro_precision", metrics.micro_precision},
          {"micro_recall", metrics.micro_recall},
          {"micro_f1", metrics.micro_f1},
          {"auroc", metrics.macro_auroc},
          {"average_precision", metrics.macro_average_precision},
          {"top_k_accuracy", metrics.top_k_accuracy},
          {"coverage", metrics.coverage},
          {"risk", metrics.risk},
          {"log_loss", metrics.log_loss},
          {"brier", metrics.brier},
          {"ece", metrics.ece},
          {"labels", labels},
          {"unknown_labels", unknown},
          {"confusion_matrix", {{"truth", rows}, {"predicted", columns}, {"counts", metrics.confusion}}},
          {"abstained", evaluation.abstained},
          {"repaired_rows", evaluation.repaired_rows},
          {"skipped_rows", evaluation.bad_row_count}};
}

// Numbers that are not finite are written as null by the library.
std::string written(const json& result) { return result.dump(2, ' ', false, json::error_handler_t::replace) + "\n"; }

}  // namespace

std::string to_json(const evaluate::Evaluation& evaluation) { return written(evaluation_json(evaluation)); }

std::string to_json(const Report& report) {
  json result = evaluation_json(report.evaluation);
  if (report.comparison.asked()) result["gate"] = gate_json(report);
  if (!report.comparison.slices.empty()) result["slices"] = slices_json(report.comparison);
  result["warnings"] = report.comparison.warnings;
  return written(result);
}

}  // namespace textlambda::report
