// How metrics changed between two runs over the same examples, with what chance explains of it: for each metric the
// statistics of its kind (metrics/metric_table.h). Shares of right answers: Tango's score interval, and McNemar's exact
// test where no loss is allowed. Means: Student's t. The rest, and everything where examples come in clusters: the
// paired bootstrap. Pure functions, thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "textlambda/gate/row_match.h"
#include "textlambda/gate/verdict.h"
#include "textlambda/io/executor.h"
#include "textlambda/metrics/judged_rows.h"
#include "textlambda/metrics/metric_name.h"
#include "textlambda/stats/paired.h"

namespace textlambda::gate {

// The pairs that questions are asked of. What it refers to has to outlive it.
struct RunPairs {
  const metrics::JudgedRows& before;
  const metrics::JudgedRows& after;
  std::span<const RowPair> pairs;
  // Of `after`: rows of one value are resampled together; none: each on its own.
  const metrics::RowColumn* clusters = nullptr;
};

struct MetricQuestion {
  metrics::MetricName metric;  // without a slice (the pairs are it) and without "*"
  double margin = 0;           // the loss that is allowed, ≥ 0
};

struct PairedChange {
  std::uint64_t n = 0;         // pairs that the metric is computed from
  std::uint64_t clusters = 0;  // groups that were resampled
  double before = 0;           // NaN where it is not defined
  double after = 0;
  metrics::Change gain;                      // of after − before; of before − after where lower is better
  std::optional<stats::PairedCounts> flips;  // where the metric is a share of right answers
  double variance = 0;                       // of one example's difference: the standard error is √(variance / n)
  std::string method;
};

struct ChangeOptions {
  double alpha = 0.05;
  io::Executor executor;
};

// Throws Error(mismatch) where the runs cannot answer: a label that neither has, probabilities that were not kept,
// models with different labels, a metric whose examples are not the same in both.
void require_answerable(const metrics::MetricName& metric, const RunPairs& runs);

// One answer a question, in order; each as require_answerable has it.
std::vector<PairedChange> changes_of(std::span<const MetricQuestion> questions, const RunPairs& runs,
                                     const ChangeOptions& options);

}  // namespace textlambda::gate
