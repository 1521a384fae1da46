// What changed between two runs, for people to read: figures, labels, slices and single rows. Decides nothing. Pure,
// thread-safe.
#pragma once

#include <span>

#include "textlambda/gate/comparison.h"
#include "textlambda/gate/paired_change.h"
#include "textlambda/gate/settings.h"

namespace textlambda::gate {

// Whether each pair has the same prediction with the same confidence.
bool same_predictions(const metrics::JudgedRows& before, const metrics::JudgedRows& after,
                      std::span<const RowPair> pairs);

// Fills flips, before, after, metrics, labels and slices of `reference`.
void describe_changes(const RunPairs& runs, const GateRules& rules, Reference& reference);

// Rows that were right and are wrong, and the other way round: most confident first.
void add_flips(const metrics::JudgedRows& before, const metrics::JudgedRows& after, std::span<const RowPair> pairs,
               Comparison& result);

// The most confident errors of each cell of the confusion matrix.
void add_errors(const metrics::JudgedRows& rows, Comparison& result);

}  // namespace textlambda::gate
