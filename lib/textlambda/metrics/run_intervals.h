// Figures of one run with their intervals, and its slices. Pure functions, thread-safe.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "textlambda/metrics/judged_rows.h"
#include "textlambda/stats/interval.h"

namespace textlambda::metrics {

struct RunFigure {
  std::string metric;
  double value = 0;
  std::optional<stats::Interval> interval;  // two-sided, 95 %
};

// The figures of `metrics`, which are those of `rows`, by name; without those that are the accuracy by another name.
// The interval is that of the figure's kind (metric_table.h), of a bootstrap with kIntervalResamples.
std::vector<RunFigure> run_figures(const JudgedRows& rows, const Metrics& metrics);
inline constexpr std::size_t kIntervalResamples = 2000;

// Metrics on one value of a column.
struct SliceMetrics {
  std::string column;
  std::string value;
  Metrics metrics;
};

// The metrics of each value of each of the columns, values in order. Throws Error(usage) for a column that has more
// than kMostSlices values, Error(mismatch) for one that the rows do not have.
std::vector<SliceMetrics> slice_metrics(const JudgedRows& rows, const std::vector<std::string>& columns);
inline constexpr std::size_t kMostSlices = 200;

// The rows of a column; Error(mismatch) where there is none of this name.
const RowColumn& column_of(const JudgedRows& rows, const std::string& name);

}  // namespace textlambda::metrics
