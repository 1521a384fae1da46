#include <utility>

#include <nlohmann/json.hpp>

#include "textlambda/encoding/sha256.h"
#include "textlambda/gate/baseline.h"
#include "textlambda/gate/canonical_json.h"
#include "textlambda/gate/row_file.h"
#include "textlambda/metrics/metrics_json.h"
#include "textlambda/metrics/run_intervals.h"
#include "textlambda/stats/interval.h"

namespace textlambda::gate {
namespace {

using metrics::JudgedRows;
using metrics::LabelMetrics;
using metrics::Metrics;
using metrics::RunFigure;
using metrics::SliceMetrics;

using Json = nlohmann::json;

Json figure_json(double value, const stats::Interval& interval) {
  return {{"value", value}, {"interval", metrics::interval_json(interval)}};
}

Json metrics_json(const JudgedRows& rows, const Metrics& metrics) {
  Json result;
  for (const RunFigure& figure : run_figures(rows, metrics)) {
    result[figure.metric] =
        figure.interval ? figure_json(figure.value, *figure.interval) : Json{{"value", figure.value}};
  }
  return result;
}

Json labels_json(const Metrics& metrics) {
  Json labels = Json::array();
  for (const LabelMetrics& label : metrics.labels) {
    Json entry = label_json(label);
    entry["precision_interval"] = metrics::interval_json(stats::wilson_interval(label.correct, label.predicted));
    entry["recall_interval"] = metrics::interval_json(stats::wilson_interval(label.correct, label.support));
    labels.push_back(std::move(entry));
  }
  return labels;
}

// Only what is not zero: [truth, prediction, count], both as indices into "labels".
Json confusion_json(const Metrics& run) {
  Json cells = Json::array();
  for (const metrics::ConfusionCell& cell : run.confusion.cells()) {
    cells.push_back({cell.truth, cell.predicted, cell.count});
  }
  return cells;
}

Json slices_json(const JudgedRows& rows, const GateSettings& settings) {
  Json slices = Json::array();
  for (const SliceMetrics& slice : slice_metrics(rows, settings.slices)) {
    slices.push_back({{"column", slice.column},
                      {"value", slice.value},
                      {"n", slice.metrics.n},
                      {"correct", slice.metrics.correct},
                      {"accuracy", figure_json(slice.metrics.accuracy, slice.metrics.accuracy_interval)},
                      {"macro_f1", slice.metrics.macro_f1},
                      {"log_loss", slice.metrics.log_loss}});
  }
  return slices;
}

Json settings_json(const GateSettings& settings) {
  return {{"max_drop", settings.max_drop},
          {"min", settings.min},
          {"max", settings.max},
          {"alpha", settings.alpha ? Json(*settings.alpha) : Json(nullptr)},
          {"on_inconclusive", settings.on_inconclusive},
          {"slices", settings.slices},
          {"cluster_by", settings.cluster_by}};
}

}  // namespace

std::string baseline_json(const Baseline& baseline, const std::string& rows_file, const RowFile& rows) {
  const RunIdentity& identity = baseline.identity;
  const Metrics metrics = metrics_of(baseline.rows);
  Json document = {{"schema", "textlambda-baseline"},
                   {"schema_version", kBaselineVersion},
                   {"tool_version", identity.tool_version},
                   {"git_revision", identity.git_revision},
                   {"model",
                    {{"sha256", identity.model_sha256},
                     {"configuration_sha256", identity.configuration_sha256},
                     {"training_sha256", identity.training_sha256},
                     {"temperature", identity.temperature}}},
                   {"test", {{"sha256", identity.test_sha256}, {"rows", metrics.n}}},
                   {"metrics", metrics_json(baseline.rows, metrics)},
                   {"labels", labels_json(metrics)},
                   {"confusion", confusion_json(metrics)},
                   {"slices", slices_json(baseline.rows, baseline.settings)},
                   {"settings", settings_json(baseline.settings)},
                   {"predictions_digest", identity.predictions_digest},
                   {"rows",
                    {{"file", rows_file},
                     {"sha256", encoding::sha256_hex(rows.bytes)},
                     {"bytes", rows.bytes.size()},
                     {"content_bytes", rows.content_bytes}}}};
  document["digest"] = encoding::sha256_hex(canonical_json(document));
  return canonical_json(document);
}

}  // namespace textlambda::gate
