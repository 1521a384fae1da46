#include "textlambda/evaluate/metrics_json.h"

#include <nlohmann/json.hpp>

namespace textlambda::evaluate {

using nlohmann::json;

json interval_json(const stats::Interval& interval) { return json::array({interval.low, interval.high}); }

json label_json(const LabelMetrics& label) {
  return {{"label", label.label},     {"known", label.known},
          {"support", label.support}, {"predicted", label.predicted},
          {"correct", label.correct}, {"precision", label.precision()},
          {"recall", label.recall()}, {"f1", label.f1()},
          {"auroc", label.auroc},     {"average_precision", label.average_precision}};
}

}  // namespace textlambda::evaluate
