// How metrics changed between two runs over the same examples, with what chance explains of it: for each metric the
// statistics that fit it. Shares of right answers: Tango's score interval, and McNemar's exact test where no loss is
// allowed. Means: Student's t. The rest, and everything where examples come in clusters: the paired bootstrap.
// Pure functions, thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "textlambda/evaluate/judged_rows.h"
#include "textlambda/evaluate/metric_name.h"
#include "textlambda/evaluate/row_match.h"
#include "textlambda/evaluate/verdict.h"
#include "textlambda/stats/paired.h"

namespace textlambda::evaluate {

// The pairs that questions are asked of. What it refers to has to outlive it.
struct RunPairs {
  const JudgedRows& before;
  const JudgedRows& after;
  std::span<const RowPair> pairs;
  const RowColumn* clusters = nullptr;  // of `after`: rows of one value are resampled together; none: each on its own
};

struct MetricQuestion {
  MetricName metric;  // without a slice (the pairs are it) and without "*"
  double margin = 0;  // the loss that is allowed, ≥ 0
};

struct PairedChange {
  std::uint64_t n = 0;         // pairs that the metric is computed from
  std::uint64_t clusters = 0;  // groups that were resampled
  double before = 0;           // NaN where it is not defined
  double after = 0;
  Change gain;                               // of after − before; of before − after where lower is better
  std::optional<stats::PairedCounts> flips;  // where the metric is a share of right answers
  double variance = 0;                       // of one example's difference: the standard error is √(variance / n)
  std::string method;
};

struct ChangeOptions {
  double alpha = 0.05;
  unsigned threads = 1;
};

// Throws Error(mismatch) where the runs cannot answer: a label that neither has, probabilities that were not kept,
// models with different labels.
void require_answerable(const MetricName& metric, const RunPairs& runs);

// One answer a question, in order; each as require_answerable has it.
std::vector<PairedChange> changes_of(std::span<const MetricQuestion> questions, const RunPairs& runs,
                                     const ChangeOptions& options);

}  // namespace textlambda::evaluate
