// Which metrics a gate asks for: those that were named, "*" replaced by what it stands for, and what follows from
// --slice. Pure, thread-safe.
#pragma once

#include <span>
#include <vector>

#include "textlambda/gate/settings.h"
#include "textlambda/metrics/judged_rows.h"
#include "textlambda/metrics/metric_name.h"

namespace textlambda::gate {

struct AskedMetric {
  metrics::MetricName metric;  // no "*"
  double amount = 0;           // margin or level
  bool named = true;           // false: follows from --slice
};

// Every label that the rows have, every value of the column. Throws Error(mismatch) for a label, column or value that
// is not there, Error(usage) for a column of too many values.
std::vector<metrics::MetricName> expand(const metrics::MetricName& metric, const metrics::JudgedRows& rows);

// The relative questions. Without `max_drop`: accuracy, of which nothing may be lost. A slice may lose what the
// accuracy of the whole set may.
std::vector<AskedMetric> relative_questions(std::span<const metrics::MetricAmount> max_drop,
                                            const std::vector<std::string>& slices, const metrics::JudgedRows& rows);

// The rows of a slice, by index, in order; all rows where the metric has none.
std::vector<std::uint32_t> rows_of_slice(const metrics::MetricName& metric, const metrics::JudgedRows& rows);

}  // namespace textlambda::gate
