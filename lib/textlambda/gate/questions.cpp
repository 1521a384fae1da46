#include "textlambda/gate/questions.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "textlambda/io/error.h"
#include "textlambda/metrics/run_intervals.h"

namespace textlambda::gate {
namespace {

using metrics::JudgedRow;
using metrics::JudgedRows;
using metrics::MetricAmount;
using metrics::MetricName;
using metrics::RowColumn;

[[noreturn]] void throw_mismatch(const std::string& message) { throw io::Error(io::ErrorKind::mismatch, message); }

// The labels that rows have as their truth, in the order of JudgedRows::labels.
std::vector<std::string> labels_with_support(const JudgedRows& rows) {
  std::vector<bool> met(rows.labels.size(), false);
  for (const JudgedRow& row : rows.rows) met[row.truth] = true;
  std::vector<std::string> labels;
  for (std::size_t i = 0; i < met.size(); ++i) {
    if (met[i]) labels.push_back(rows.labels[i]);
  }
  return labels;
}

std::vector<std::string> values_of(const RowColumn& column) {
  if (column.values.size() > metrics::kMostSlices) {
    io::throw_usage("column " + column.name + " has " + std::to_string(column.values.size()) +
                    " values, expected at most " + std::to_string(metrics::kMostSlices) + " slices");
  }
  return column.values;
}

}  // namespace

std::vector<MetricName> expand(const MetricName& metric, const JudgedRows& rows) {
  std::vector<MetricName> of_labels;
  if (metric.label == "*") {
    for (std::string& label : labels_with_support(rows)) {
      of_labels.push_back(metric);
      of_labels.back().label = std::move(label);
    }
  } else {
    of_labels.push_back(metric);
  }
  if (metric.column.empty()) return of_labels;

  const RowColumn& column = column_of(rows, metric.column);
  std::vector<std::string> values{metric.value};
  if (metric.value == "*") {
    values = values_of(column);
  } else if (!std::binary_search(column.values.begin(), column.values.end(), metric.value)) {
    throw_mismatch(to_string(metric) + ": column " + metric.column + " of the test set has no value \"" + metric.value +
                   "\"");
  }
  std::vector<MetricName> expanded;
  for (const MetricName& of_label : of_labels) {
    for (const std::string& value : values) {
      expanded.push_back(of_label);
      expanded.back().value = value;
    }
  }
  return expanded;
}

std::vector<AskedMetric> relative_questions(std::span<const MetricAmount> max_drop,
                                            const std::vector<std::string>& slices, const JudgedRows& rows) {
  std::vector<AskedMetric> questions;
  double slice_margin = 0;
  const auto asked = [&](const MetricName& metric) {
    return std::any_of(questions.begin(), questions.end(),
                       [&](const AskedMetric& question) { return question.metric == metric; });
  };
  for (const MetricAmount& margin : max_drop) {
    if (margin.metric == MetricName{}) slice_margin = margin.amount;
    for (MetricName& metric : expand(margin.metric, rows)) {
      if (!asked(metric)) questions.push_back({std::move(metric), margin.amount, true});
    }
  }
  if (max_drop.empty()) questions.push_back({MetricName{}, 0, true});
  for (const std::string& slice : slices) {
    MetricName metric;
    metric.column = slice;
    for (const std::string& value : values_of(column_of(rows, slice))) {
      metric.value = value;
      if (!asked(metric)) questions.push_back({metric, slice_margin, false});
    }
  }
  return questions;
}

std::vector<std::uint32_t> rows_of_slice(const MetricName& metric, const JudgedRows& rows) {
  std::vector<std::uint32_t> chosen;
  if (metric.column.empty()) {
    chosen.resize(rows.rows.size());
    std::iota(chosen.begin(), chosen.end(), 0U);
    return chosen;
  }
  const RowColumn& column = column_of(rows, metric.column);
  const auto value = std::lower_bound(column.values.begin(), column.values.end(), metric.value);
  const auto number = static_cast<std::uint32_t>(value - column.values.begin());
  for (std::uint32_t row = 0; row < column.rows.size(); ++row) {
    if (column.rows[row] == number) chosen.push_back(row);
  }
  return chosen;
}

}  // namespace textlambda::gate
