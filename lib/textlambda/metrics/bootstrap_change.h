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
#include <optional>
#include <span>
#include <variant>
#include <vector>

#include "textlambda/metrics/change.h"
#include "textlambda/metrics/judged_rows.h"
#include "textlambda/metrics/metric_table.h"
#include "textlambda/stats/bootstrap.h"

namespace textlambda::metrics {

// What can be resampled: of the kinds of a measure, those that are figures of a test set.
using ResampledFigure = std::variant<FigureOfCounts, MeanOfTerms, CalibrationFigure, RankingFigure>;

// Whether a figure depends on truths and predicted labels alone.
bool is_of_labels(const ResampledFigure& figure);
// Whether it needs an order of all examples by a label's probability: the dear ones.
bool is_ranking(const ResampledFigure& figure);

// What one run said of the examples.
struct RunOutcomes {
  std::span<const JudgedRow> rows;           // labels by the numbers of PairedRuns
  std::span<const float> log_probabilities;  // for rankings, else it may be empty: examples × known labels
};

// Both runs on the examples they share, in the same order. What the spans point to has to outlive the call.
struct PairedRuns {
  std::size_t known_labels = 0;  // the model's: numbered from 0; the others follow
  std::size_t labels = 0;        // all of them
  RunOutcomes before, after;
  std::span<const std::uint32_t> clusters;  // an example: its cluster, from 0; empty: each example for itself
  std::size_t cluster_count = 0;

  std::size_t size() const { return after.rows.size(); }
  std::uint32_t truth(std::size_t example) const { return after.rows[example].truth; }
};

struct ChangeQuestion {
  ResampledFigure figure;
  bool lower_is_better = false;
  std::optional<std::uint32_t> label;  // of a label's figure
  double margin = 0;                   // the loss that is allowed, ≥ 0
};
// A measure's figure, of a label where there is one. A share of right answers is the accuracy of examples whose labels
// are "wrong" and "right", and std::invalid_argument for one that has no paired test.
ChangeQuestion resampled(const Measure& measure, std::optional<std::uint32_t> label, double margin);

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
