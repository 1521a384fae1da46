// Metrics by name, as options, baselines and reports spell them:
//
//   accuracy                    over the whole test set
//   recall[spam]                of one label
//   accuracy[country=DE]        over one slice: the rows whose column has that value
//   recall[spam][country=DE]    of one label over one slice
//   recall[*]  accuracy[country=*]   of every label, of every slice: stands for as many metrics
//
// Pure functions, thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "textlambda/metrics/metric_table.h"
#include "textlambda/metrics/metrics.h"

namespace textlambda::metrics {

struct MetricName {
  const Measure* measure = &accuracy_measure();  // of the table
  unsigned k = 0;                                // of a measure that has one, from 1
  std::string label;                             // empty: all; "*": every one
  std::string column;                            // empty: no slice
  std::string value;                             // "*": every one

  friend bool operator==(const MetricName&, const MetricName&) = default;
};

// Throws Error(usage): an unknown name, with the one that was probably meant; a label or slice that is missing.
MetricName parse_metric(std::string_view text);
std::string to_string(const MetricName& metric);
// Over the whole test set; k: of a measure that has one.
MetricName metric_of_set(const Measure& measure, unsigned k = 0);
// Of a whole set, as a table for people calls it: "macro F1", "top-3 accuracy".
std::string title_of(const MetricName& metric);

// Of the metrics of the whole set or of the slice that the name says: the slice is the caller's business. NaN where it
// is not defined or not measured. Throws Error(mismatch) for a label that the metrics do not have.
double figure_of(const Metrics& metrics, const MetricName& metric);
// The examples that it is computed from.
std::uint64_t examples_of(const Metrics& metrics, const MetricName& metric);

// METRIC=AMOUNT of --max-drop: "accuracy=0.5pp", "log_loss=0.01". Percentage points for shares (a bare 0 will do), a
// plain number for the rest; both ≥ 0. METRIC=LEVEL of --min and --max: "accuracy=0.92", "accuracy=92%". Throw
// Error(usage) naming `option` and what was expected.
struct MetricAmount {
  MetricName metric;
  double amount = 0;  // a share as a fraction
};
MetricAmount parse_margin(std::string_view option, std::string_view text);
MetricAmount parse_limit(std::string_view option, std::string_view text);

}  // namespace textlambda::metrics
