#include "textlambda/metrics/metrics_json.h"

#include <string>

#include <nlohmann/json.hpp>

#include "textlambda/metrics/metric_table.h"

namespace textlambda::metrics {

using Json = nlohmann::json;

Json interval_json(const stats::Interval& interval) { return Json::array({interval.low, interval.high}); }

Json label_json(const LabelMetrics& label) {
  Json result = {{"label", label.label},
                 {"known", label.known},
                 {"support", label.support},
                 {"predicted", label.predicted},
                 {"correct", label.correct}};
  for (const Measure& measure : metric_table()) {
    if (measure.of_label != nullptr) result[std::string(measure.name)] = measure.of_label(label);
  }
  return result;
}

}  // namespace textlambda::metrics
