#include "textlambda/metrics/metrics_json.h"

#include <nlohmann/json.hpp>

namespace textlambda::metrics {

using Json = nlohmann::json;

Json interval_json(const stats::Interval& interval) { return Json::array({interval.low, interval.high}); }

Json label_json(const LabelMetrics& label) {
  return {{"label", label.label},     {"known", label.known},
          {"support", label.support}, {"predicted", label.predicted},
          {"correct", label.correct}, {"precision", label.precision()},
          {"recall", label.recall()}, {"f1", label.f1()},
          {"auroc", label.auroc},     {"average_precision", label.average_precision}};
}

}  // namespace textlambda::metrics
