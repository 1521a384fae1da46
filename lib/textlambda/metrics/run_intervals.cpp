#include "textlambda/metrics/run_intervals.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <span>

#include "textlambda/io/error.h"
#include "textlambda/metrics/label_averages.h"
#include "textlambda/metrics/metric_name.h"
#include "textlambda/stats/bootstrap.h"
#include "textlambda/stats/paired_t.h"

namespace textlambda::metrics {
namespace {

constexpr double kTail = 0.025;  // two of them leave 95 %

struct Average {
  Measure measure;
  double LabelAverages::*figure;
};
constexpr std::array kAverages = {Average{Measure::balanced_accuracy, &LabelAverages::balanced_accuracy},
                                  Average{Measure::macro_precision, &LabelAverages::macro_precision},
                                  Average{Measure::macro_recall, &LabelAverages::macro_recall},
                                  Average{Measure::macro_f1, &LabelAverages::macro_f1},
                                  Average{Measure::weighted_precision, &LabelAverages::weighted_precision},
                                  Average{Measure::weighted_f1, &LabelAverages::weighted_f1}};

// A cell of the confusion matrix that is not empty.
struct Cell {
  std::size_t truth = 0;
  std::size_t predicted = 0;
};

stats::BootstrapValues resample_averages(const Metrics& metrics) {
  std::vector<Cell> cells;
  std::vector<std::uint64_t> sizes;
  for (std::size_t truth = 0; truth < metrics.confusion.size(); ++truth) {
    for (std::size_t predicted = 0; predicted < metrics.confusion[truth].size(); ++predicted) {
      if (metrics.confusion[truth][predicted] == 0) continue;
      cells.push_back({truth, predicted});
      sizes.push_back(metrics.confusion[truth][predicted]);
    }
  }
  const std::size_t labels = metrics.labels.size();
  const auto make = [&cells, labels]() -> stats::ResampleStatistic {
    return [&cells, counts_of = std::vector<LabelCounts>(labels)](std::span<const std::uint32_t> counts,
                                                                  std::span<double> values) mutable {
      counts_of.assign(counts_of.size(), {});
      for (std::size_t c = 0; c < cells.size(); ++c) {
        counts_of[cells[c].truth].support += counts[c];
        counts_of[cells[c].predicted].predicted += counts[c];
        if (cells[c].truth == cells[c].predicted) counts_of[cells[c].truth].correct += counts[c];
      }
      const LabelAverages averages = averages_of(counts_of);
      for (std::size_t i = 0; i < kAverages.size(); ++i) values[i] = averages.*kAverages[i].figure;
    };
  };
  return stats::bootstrap_cells(sizes, kAverages.size(), make, {kIntervalResamples, 0});
}

stats::Interval mean_interval(const JudgedRows& rows, const std::function<double(const JudgedRow&)>& term) {
  std::vector<double> terms;
  for (const JudgedRow& row : rows.rows) {
    if (row.truth < rows.known_labels) terms.push_back(term(row));
  }
  return stats::paired_t_interval(terms, kTail);
}

stats::Interval share_interval(double share, std::uint64_t n) {
  return stats::wilson_interval(static_cast<std::uint64_t>(std::llround(share * static_cast<double>(n))), n);
}

}  // namespace

std::vector<RunFigure> run_figures(const JudgedRows& rows, const Metrics& metrics) {
  std::vector<RunFigure> figures;
  const auto add = [&](Measure measure, const std::optional<stats::Interval>& interval, unsigned k = 0) {
    const MetricName metric = metric_of_set(measure, k);
    figures.push_back({to_string(metric), figure_of(metrics, metric), interval});
  };
  add(Measure::accuracy, metrics.accuracy_interval);
  const stats::BootstrapValues averages = resample_averages(metrics);
  for (std::size_t i = 0; i < kAverages.size(); ++i) {
    add(kAverages[i].measure, stats::percentile_interval(averages[i], kTail));
  }
  add(Measure::log_loss,
      mean_interval(rows, [](const JudgedRow& row) { return -static_cast<double>(row.log_p_truth); }));
  add(Measure::brier,
      mean_interval(rows, [](const JudgedRow& row) { return static_cast<double>(row.squared_distance); }));
  for (const Measure measure : {Measure::ece, Measure::auroc, Measure::average_precision}) {
    add(measure, std::nullopt);
  }
  for (unsigned k = 2; k <= metrics.top_k_accuracy.size(); ++k) {
    add(Measure::top_k_accuracy, share_interval(metrics.top_k_accuracy[k - 1], metrics.n), k);
  }
  add(Measure::coverage, share_interval(metrics.coverage, metrics.n));
  if (!std::isnan(metrics.risk)) {
    add(Measure::risk, share_interval(metrics.risk, metrics.n - metrics.abstained));
  }
  return figures;
}

const RowColumn& column_of(const JudgedRows& rows, const std::string& name) {
  const auto found = std::find_if(rows.columns.begin(), rows.columns.end(),
                                  [&](const RowColumn& column) { return column.name == name; });
  if (found == rows.columns.end()) {
    throw io::Error(io::ErrorKind::mismatch, "the rows have no column \"" + name + "\"");
  }
  return *found;
}

std::vector<SliceMetrics> slice_metrics(const JudgedRows& rows, const std::vector<std::string>& columns) {
  std::vector<SliceMetrics> slices;
  for (const std::string& name : columns) {
    const RowColumn& column = column_of(rows, name);
    if (column.values.size() > kMostSlices) {
      io::throw_usage("--slice " + name + ": has " + std::to_string(column.values.size()) +
                      " values, expected at most " + std::to_string(kMostSlices));
    }
    std::vector<std::vector<std::uint32_t>> members(column.values.size());
    for (std::uint32_t row = 0; row < column.rows.size(); ++row) members[column.rows[row]].push_back(row);
    for (std::size_t value = 0; value < members.size(); ++value) {
      if (members[value].empty()) continue;
      slices.push_back({name, column.values[value], metrics_of(rows, members[value])});
    }
  }
  return slices;
}

}  // namespace textlambda::metrics
