#include "textlambda/report/json.h"

#include <cstdint>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "textlambda/json/result.h"
#include "textlambda/metrics/metric_table.h"
#include "textlambda/metrics/metrics_json.h"
#include "textlambda/report/gate_json.h"
#include "textlambda/report/report.h"

namespace textlambda::report {
namespace {

using Json = nlohmann::json;

// The rows; of a matrix with more than kLargestJsonMatrix of them only the cells that are not zero.
Json confusion_counts_json(const metrics::ConfusionMatrix& confusion) {
  if (confusion.rows() > kLargestJsonMatrix) {
    Json cells = Json::array();
    for (const metrics::ConfusionCell& cell : confusion.cells()) {
      cells.push_back({cell.truth, cell.predicted, cell.count});
    }
    return {{"cells", std::move(cells)}};
  }
  std::vector<std::vector<std::uint64_t>> counts(confusion.rows(), std::vector<std::uint64_t>(confusion.columns(), 0));
  for (const metrics::ConfusionCell& cell : confusion.cells()) counts[cell.truth][cell.predicted] = cell.count;
  return {{"counts", std::move(counts)}};
}

Json evaluation_json(const metrics::Evaluation& evaluation) {
  const metrics::Metrics& metrics = evaluation.metrics;
  Json labels = Json::array();
  Json unknown = Json::array();
  Json rows = Json::array();
  Json columns = Json::array();
  for (const metrics::LabelMetrics& label : metrics.labels) {
    labels.push_back(metrics::label_json(label));
    rows.push_back(label.label);
    if (label.known) {
      columns.push_back(label.label);
    } else {
      unknown.push_back({{"label", label.label}, {"count", label.support}});
    }
  }
  Json confusion = confusion_counts_json(metrics.confusion);
  confusion["truth"] = std::move(rows);
  confusion["predicted"] = std::move(columns);
  Json result = {{"n", metrics.n},
                 {"correct", metrics.correct},
                 {"accuracy_interval", metrics::interval_json(metrics.accuracy_interval)},
                 {"labels", std::move(labels)},
                 {"unknown_labels", std::move(unknown)},
                 {"confusion_matrix", std::move(confusion)},
                 {"ece_equal_width", metrics.ece_equal_width},
                 {"abstained", evaluation.abstained},
                 {"repaired_rows", evaluation.faults.repaired_rows},
                 {"skipped_rows", evaluation.faults.bad_row_count}};
  for (const metrics::Measure& measure : metrics::metric_table()) {
    if (measure.needs_label()) continue;
    Json& figure = result[std::string(measure.name)];
    if (!measure.has_k()) {
      figure = measure.of_set(metrics, 0);
      continue;
    }
    figure = Json::array();
    for (unsigned k = 1; k <= measure.most_k(metrics); ++k) figure.push_back(measure.of_set(metrics, k));
  }
  return result;
}

}  // namespace

std::string to_json(const metrics::Evaluation& evaluation) { return json::result_text(evaluation_json(evaluation)); }

std::string to_json(const Report& report) {
  Json result = evaluation_json(report.evaluation);
  if (report.comparison.asked()) result["gate"] = gate_json(report);
  if (!report.comparison.slices.empty()) result["slices"] = slices_json(report.comparison);
  result["warnings"] = report.comparison.warnings;
  return json::result_text(std::move(result));
}

}  // namespace textlambda::report
