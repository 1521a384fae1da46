// Figures of a run as the JSON of baselines and reports writes them. What is not a number is null. Pure, thread-safe.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "textlambda/metrics/metrics.h"
#include "textlambda/stats/interval.h"

namespace textlambda::metrics {

nlohmann::json interval_json(const stats::Interval& interval);  // [low, high]
// An object: label, known, its counts and its figures.
nlohmann::json label_json(const LabelMetrics& label);

}  // namespace textlambda::metrics
