// How figures that are no simple means changed between two runs on the same examples: macro F1, balanced accuracy,
// calibration error, AUROC and the like, each with bounds and a p value from the paired bootstrap (stats/bootstrap.h).
// With clusters, also the figures that have tests of their own without them.
//
// Figures that depend on predicted labels alone are resampled as the cells of truth × prediction before × prediction
// after, which costs little however many examples there are; the others example by example. The same bits for any
// number of threads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "textlambda/metrics/change.h"
#include "textlambda/stats/bootstrap.h"

namespace textlambda::metrics {

// Figures of metrics.h. Those of a label are followed by which.
enum class Figure {
  accuracy,
  balanced_accuracy,
  macro_precision,
  macro_recall,
  macro_f1,
  weighted_precision,
  weighted_f1,
  precision,  // of a label
  recall,     // of a label
  f1,         // of a label
  log_loss,
  brier,
  ece,
  macro_auroc,
  macro_average_precision,
  auroc,              // of a label
  average_precision,  // of a label
};

// Less is better: log-loss, Brier score, ECE.
bool is_loss(Figure figure);

// What one run said of the examples. Spans may be empty where no figure asked for needs them.
struct RunOutcomes {
  std::span<const std::uint32_t> predicted;  // always
  std::span<const float> confidence;         // for ece
  std::span<const float> log_p_truth;        // for log_loss; of an example whose label the model knows
  std::span<const float> squared_distance;   // for brier; likewise
  std::span<const float> log_probabilities;  // for rankings: examples × known labels
};

// Both runs on the examples they share. What the spans point to has to outlive the call.
struct PairedRuns {
  std::size_t known_labels = 0;          // the model's: numbered from 0; the others follow
  std::size_t labels = 0;                // all of them
  std::span<const std::uint32_t> truth;  // below `labels`
  RunOutcomes before, after;
  std::span<const std::uint32_t> clusters;  // an example: its cluster, from 0; empty: each example for itself
  std::size_t cluster_count = 0;
};

struct ChangeQuestion {
  Figure figure = Figure::macro_f1;
  std::uint32_t label = 0;  // of a label's figure
  double margin = 0;        // the loss that is allowed, ≥ 0
};

// `estimate`, `bounds` and `p` as in Change: more is better, so that they are before − after for a loss.
struct BootstrapChange : Change {
  double before = 0;
  double after = 0;
  double standard_error = 0;    // of the estimate, from the resamples; for stats::detectable_effect(e², 1)
  std::uint64_t units = 0;      // what was resampled: examples or clusters
  std::uint64_t changed = 0;    // units in which the runs differ at all
  std::uint64_t resamples = 0;  // fewer than asked for where rankings of many labels would take too long
};

// One answer a question, in order. Guards against too little data, where percentiles promise too much: p is at least
// 2^−changed, the least that an exact test by signs could give, and the bounds are infinite where 2^−units is above
// alpha. A figure that is undefined (NaN) in a resample counts as beyond either bound. std::domain_error for spans that
// do not fit each other, a label or cluster out of range, or what stats/bootstrap.h refuses.
std::vector<BootstrapChange> bootstrap_changes(const PairedRuns& runs, std::span<const ChangeQuestion> questions,
                                               double alpha, const stats::BootstrapOptions& options = {},
                                               const stats::ParallelFor& parallel_for = {});

}  // namespace textlambda::metrics
