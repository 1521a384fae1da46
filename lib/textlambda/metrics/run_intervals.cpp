#include "textlambda/metrics/run_intervals.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <variant>

#include "textlambda/io/error.h"
#include "textlambda/metrics/label_averages.h"
#include "textlambda/metrics/metric_name.h"
#include "textlambda/stats/bootstrap.h"
#include "textlambda/stats/paired_t.h"

namespace textlambda::metrics {
namespace {

constexpr double kTail = 0.025;  // two of them leave 95 %

struct Average {
  const Measure* measure;
  FigureOfCounts::Value figure;
};

std::vector<Average> averages_of_set() {
  std::vector<Average> averages;
  for (const Measure& measure : metric_table()) {
    const auto* figure = std::get_if<FigureOfCounts>(&measure.kind);
    if (figure != nullptr && !measure.needs_label()) averages.push_back({&measure, figure->value});
  }
  return averages;
}

stats::BootstrapValues resample_averages(const Metrics& metrics, const std::vector<Average>& asked) {
  const std::vector<ConfusionCell>& cells = metrics.confusion.cells();
  std::vector<std::uint64_t> sizes;
  sizes.reserve(cells.size());
  for (const ConfusionCell& cell : cells) sizes.push_back(cell.count);
  const std::size_t labels = metrics.labels.size();
  const auto make = [&cells, &asked, labels]() -> stats::ResampleStatistic {
    return [&cells, &asked, counts_of = std::vector<LabelCounts>(labels)](std::span<const std::uint32_t> counts,
                                                                          std::span<double> values) mutable {
      counts_of.assign(counts_of.size(), {});
      for (std::size_t c = 0; c < cells.size(); ++c) {
        counts_of[cells[c].truth].support += counts[c];
        counts_of[cells[c].predicted].predicted += counts[c];
        if (cells[c].correct()) counts_of[cells[c].truth].correct += counts[c];
      }
      const LabelAverages averages = averages_of(counts_of);
      for (std::size_t i = 0; i < asked.size(); ++i) values[i] = asked[i].figure(averages, {});
    };
  };
  return stats::bootstrap_cells(sizes, asked.size(), make, {kIntervalResamples, 0});
}

stats::Interval mean_interval(const JudgedRows& rows, double (*term)(const JudgedRow&)) {
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
  const std::vector<Average> averages = averages_of_set();
  const stats::BootstrapValues resampled = resample_averages(metrics, averages);
  const auto average_interval = [&](const Measure& measure) {
    const auto at = std::find_if(averages.begin(), averages.end(),
                                 [&](const Average& average) { return average.measure == &measure; });
    return stats::percentile_interval(resampled[static_cast<std::size_t>(at - averages.begin())], kTail);
  };
  std::vector<RunFigure> figures;
  const auto add = [&](const Measure& measure, unsigned k) {
    using MaybeInterval = std::optional<stats::Interval>;
    const MetricName metric = metric_of_set(measure, k);
    const double value = figure_of(metrics, metric);
    const MaybeInterval interval =
        std::visit(ByKind{[&](const ShareOfRight&) -> MaybeInterval { return share_interval(value, metrics.n); },
                          [&](const MeanOfTerms& mean) -> MaybeInterval { return mean_interval(rows, mean.term); },
                          [&](const FigureOfCounts&) -> MaybeInterval { return average_interval(measure); },
                          [](const CalibrationFigure&) -> MaybeInterval { return std::nullopt; },
                          [](const RankingFigure&) -> MaybeInterval { return std::nullopt; },
                          [&](const UnpairedShare& share) -> MaybeInterval {
                            if (std::isnan(value)) return std::nullopt;
                            return share_interval(value, share.examples(metrics));
                          }},
                   measure.kind);
    const bool is_share_of_none = std::holds_alternative<UnpairedShare>(measure.kind) && std::isnan(value);
    if (!is_share_of_none) figures.push_back({to_string(metric), value, interval});
  };
  for (const Measure& measure : metric_table()) {
    if (measure.needs_label() || measure.same_as_accuracy) continue;
    if (!measure.has_k()) add(measure, 0);
    // The first of one is the accuracy.
    for (unsigned k = 2; measure.has_k() && k <= measure.most_k(metrics); ++k) add(measure, k);
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
