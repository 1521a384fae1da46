// The gate: a run held against limits, baselines and anchors. The order of its decisions is that of docs/gate.md.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "textlambda/gate/baseline.h"
#include "textlambda/gate/comparison.h"
#include "textlambda/gate/settings.h"
#include "textlambda/io/executor.h"
#include "textlambda/metrics/judged_rows.h"

namespace textlambda::gate {

// An earlier run, and what may be lost against it.
struct ReferenceRun {
  Baseline baseline;
  Role role = Role::baseline;
  std::vector<metrics::MetricAmount> max_drop;  // empty: no loss of accuracy
};

struct CandidateRun {
  RunIdentity identity;
  const metrics::JudgedRows& rows;
  const metrics::Metrics& metrics;  // of the rows
};

struct GateOptions {
  bool allow_dataset_change = false;
  io::Executor executor;
};

// Throws Error(mismatch): a test set that is not the reference's (unless allowed), none of whose rows is in it, or that
// has no such column, slice or label; Error(usage): a metric that cannot be compared, a slice of too many values.
// The result does not depend on the executor. Texts and n-grams are left empty: example_texts.h.
Comparison run_gate(const CandidateRun& candidate, std::span<const ReferenceRun> references, const GateRules& rules,
                    const GateOptions& options);

// 0, 1 or 3 for the whole run, as the commands' exit statuses have it.
int exit_status(const Comparison& comparison, OnInconclusive on_inconclusive);

}  // namespace textlambda::gate
