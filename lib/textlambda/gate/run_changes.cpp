#include "textlambda/gate/run_changes.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <map>
#include <tuple>
#include <utility>
#include <vector>

#include "textlambda/metrics/metric_name.h"
#include "textlambda/metrics/run_intervals.h"

namespace textlambda::gate {
namespace {

using metrics::JudgedRow;
using metrics::JudgedRows;
using metrics::LabelMetrics;
using metrics::Measure;
using metrics::MetricName;
using metrics::RowColumn;

ExampleRow example_of(const JudgedRows& rows, std::uint32_t index) {
  const JudgedRow& row = rows.rows[index];
  ExampleRow example;
  example.row = {row.input, row.ordinal};
  example.location = {rows.inputs[row.input], row.line};
  example.truth = rows.labels[row.truth];
  example.predicted = rows.labels[row.predicted];
  example.confidence = row.confidence;
  return example;
}

bool more_confident(const ExampleRow& a, const ExampleRow& b) {
  if (a.confidence != b.confidence) return a.confidence > b.confidence;
  return std::tie(a.location.file, a.location.line, a.row) < std::tie(b.location.file, b.location.line, b.row);
}

void add_metrics(const RunPairs& runs, double alpha, Reference& reference) {
  for (const Measure& measure : metrics::metric_table()) {
    if (!measure.in_changes) continue;
    const MetricName name = metrics::metric_of_set(measure);
    MetricChange change;
    change.metric = to_string(name);
    change.unit = measure.unit;
    change.lower_is_better = measure.lower_is_better;
    change.before = figure_of(reference.before, name);
    change.after = figure_of(reference.after, name);
    if (std::isnan(change.before) && std::isnan(change.after)) continue;
    if (measure.has_quick_test()) {
      const MetricQuestion question{name, 0};
      const stats::Interval gain = changes_of({&question, 1}, runs, {alpha, io::Executor()}).front().gain.bounds;
      change.interval = change.lower_is_better ? stats::Interval{-gain.high, -gain.low} : gain;
    }
    reference.metrics.push_back(std::move(change));
  }
}

void add_labels(Reference& reference) {
  std::map<std::string, LabelChange, std::less<>> labels;
  for (const LabelMetrics& label : reference.before.labels) {
    LabelChange& change = labels[label.label];
    change.support = label.support;
    change.precision_before = label.precision();
    change.recall_before = label.recall();
    change.f1_before = label.f1();
  }
  for (const LabelMetrics& label : reference.after.labels) {
    LabelChange& change = labels[label.label];
    change.support = label.support;
    change.precision_after = label.precision();
    change.recall_after = label.recall();
    change.f1_after = label.f1();
  }
  for (auto& [name, change] : labels) {
    change.label = name;
    reference.labels.push_back(std::move(change));
  }
  std::stable_sort(reference.labels.begin(), reference.labels.end(), [](const LabelChange& a, const LabelChange& b) {
    return a.recall_before - a.recall_after > b.recall_before - b.recall_after;
  });
}

void add_slices(const RunPairs& runs, const std::vector<std::string>& columns, Reference& reference) {
  for (const std::string& name : columns) {
    const RowColumn& column = column_of(runs.after, name);
    std::vector<SliceChange> slices(column.values.size());
    for (const RowPair& pair : runs.pairs) {
      SliceChange& slice = slices[column.rows[pair.after]];
      const bool was = runs.before.rows[pair.before].correct();
      const bool is = runs.after.rows[pair.after].correct();
      ++slice.n;
      slice.accuracy_before += was ? 1 : 0;
      slice.accuracy_after += is ? 1 : 0;
      slice.newly_wrong += was && !is ? 1 : 0;
      slice.newly_right += !was && is ? 1 : 0;
    }
    for (std::size_t value = 0; value < slices.size(); ++value) {
      if (slices[value].n == 0) continue;
      slices[value].column = name;
      slices[value].value = column.values[value];
      slices[value].accuracy_before /= static_cast<double>(slices[value].n);
      slices[value].accuracy_after /= static_cast<double>(slices[value].n);
      reference.slices.push_back(std::move(slices[value]));
    }
  }
}

}  // namespace

bool same_predictions(const JudgedRows& before, const JudgedRows& after, std::span<const RowPair> pairs) {
  return std::all_of(pairs.begin(), pairs.end(), [&](const RowPair& pair) {
    const JudgedRow& old_row = before.rows[pair.before];
    const JudgedRow& new_row = after.rows[pair.after];
    return std::bit_cast<std::uint32_t>(old_row.confidence) == std::bit_cast<std::uint32_t>(new_row.confidence) &&
           before.labels[old_row.predicted] == after.labels[new_row.predicted];
  });
}

void describe_changes(const RunPairs& runs, const GateRules& rules, Reference& reference) {
  std::vector<std::uint32_t> old_rows;
  std::vector<std::uint32_t> new_rows;
  reference.flips.n = runs.pairs.size();
  for (const RowPair& pair : runs.pairs) {
    old_rows.push_back(pair.before);
    new_rows.push_back(pair.after);
    const bool was = runs.before.rows[pair.before].correct();
    const bool is = runs.after.rows[pair.after].correct();
    reference.flips.newly_wrong += was && !is ? 1 : 0;
    reference.flips.newly_right += !was && is ? 1 : 0;
  }
  reference.before = metrics_of(runs.before, old_rows);
  reference.after = metrics_of(runs.after, new_rows);
  add_metrics(runs, rules.alpha, reference);
  add_labels(reference);
  add_slices(runs, rules.slices, reference);
}

void add_flips(const JudgedRows& before, const JudgedRows& after, std::span<const RowPair> pairs, Comparison& result) {
  for (const RowPair& pair : pairs) {
    const JudgedRow& old_row = before.rows[pair.before];
    const JudgedRow& new_row = after.rows[pair.after];
    if (old_row.correct() == new_row.correct()) continue;
    Flip flip{example_of(after, pair.after), before.labels[old_row.predicted], old_row.confidence};
    (new_row.correct() ? result.newly_right : result.newly_wrong).push_back(std::move(flip));
  }
  const auto by_confidence = [](const Flip& a, const Flip& b) { return more_confident(a.row, b.row); };
  std::sort(result.newly_wrong.begin(), result.newly_wrong.end(), by_confidence);
  std::sort(result.newly_right.begin(), result.newly_right.end(), by_confidence);
}

void add_errors(const JudgedRows& rows, Comparison& result) {
  std::vector<std::uint32_t> wrong;
  for (std::uint32_t row = 0; row < rows.rows.size(); ++row) {
    if (!rows.rows[row].correct()) wrong.push_back(row);
  }
  const auto key = [&](std::uint32_t row) {
    const JudgedRow& judged = rows.rows[row];
    return std::tuple(-judged.confidence, judged.input, judged.ordinal);
  };
  std::sort(wrong.begin(), wrong.end(), [&](std::uint32_t a, std::uint32_t b) { return key(a) < key(b); });
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::size_t> in_cell;
  for (const std::uint32_t row : wrong) {
    if (result.errors.size() == kErrorsWithText) break;
    std::size_t& met = in_cell[{rows.rows[row].truth, rows.rows[row].predicted}];
    if (met++ < kErrorsPerCell) result.errors.push_back(example_of(rows, row));
  }
}

}  // namespace textlambda::gate
