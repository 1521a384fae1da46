#include "textlambda/metrics/judged_rows.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <numeric>
#include <tuple>
#include <utility>

#include "textlambda/encoding/sha256.h"

namespace textlambda::metrics {
namespace {

// A label: its place among all names, sorted.
std::vector<std::uint32_t> name_ranks(const std::vector<std::string>& labels) {
  std::vector<std::uint32_t> order(labels.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) { return labels[a] < labels[b]; });
  std::vector<std::uint32_t> ranks(labels.size());
  for (std::uint32_t rank = 0; rank < order.size(); ++rank) ranks[order[rank]] = rank;
  return ranks;
}

template <typename Value>
void permute(std::vector<Value>& values, const std::vector<std::uint32_t>& order, std::size_t width = 1) {
  if (values.empty()) return;
  std::vector<Value> moved;
  moved.reserve(values.size());
  for (const std::uint32_t row : order) {
    const auto begin = values.begin() + static_cast<std::ptrdiff_t>(row * width);
    moved.insert(moved.end(), begin, begin + static_cast<std::ptrdiff_t>(width));
  }
  values = std::move(moved);
}

void append_little_endian(std::string& bytes, std::uint64_t number, int size) {
  for (int i = 0; i < size; ++i) bytes += static_cast<char>((number >> (8 * i)) & 0xFFU);
}

Outcome outcome_of(const JudgedRows& rows, const JudgedRow& row) {
  Outcome outcome;
  const bool known = row.truth < rows.known_labels;
  outcome.truth = known ? row.truth : kUnknownLabel + row.truth - static_cast<std::uint32_t>(rows.known_labels);
  outcome.predicted = row.predicted;
  outcome.confidence = row.confidence;
  outcome.log_p_truth = static_cast<double>(row.log_p_truth);
  outcome.squared_distance = static_cast<double>(row.squared_distance);
  outcome.rank = row.rank;
  outcome.abstained = row.abstained;
  return outcome;
}

void add_row(const JudgedRows& rows, std::size_t index, MetricsAccumulator& accumulator) {
  const Outcome outcome = outcome_of(rows, rows.rows[index]);
  if (!rows.log_probabilities.empty()) {
    accumulator.add(outcome, std::span(rows.log_probabilities).subspan(index * rows.known_labels, rows.known_labels));
  } else if (rows.known_labels == 2) {
    accumulator.add(outcome, rows.two_log_probabilities(index));
  } else {
    accumulator.add(outcome);
  }
}

MetricsAccumulator accumulator_of(const JudgedRows& rows, std::size_t examples) {
  const auto known = static_cast<std::ptrdiff_t>(rows.known_labels);
  MetricsAccumulator accumulator({rows.labels.begin(), rows.labels.begin() + known});
  for (auto label = rows.labels.begin() + known; label != rows.labels.end(); ++label) accumulator.truth_of(*label);
  if (!rows.log_probabilities.empty()) accumulator.reserve_rankings(examples);
  return accumulator;
}

}  // namespace

std::array<float, 2> JudgedRows::two_log_probabilities(std::size_t index) const {
  const JudgedRow& row = rows[index];
  const bool known = row.truth < known_labels;
  // Of the true label there is the logarithm, which tells apart what a confidence rounds to 1.
  const double log_p = known ? static_cast<double>(row.log_p_truth) : std::log(static_cast<double>(row.confidence));
  const auto log_other = static_cast<float>(std::log(-std::expm1(log_p)));
  const std::uint32_t label = known ? row.truth : row.predicted;
  return label == 0 ? std::array{static_cast<float>(log_p), log_other}
                    : std::array{log_other, static_cast<float>(log_p)};
}

float JudgedRows::log_probability(std::size_t row, std::size_t label) const {
  return log_probabilities.empty() ? two_log_probabilities(row)[label] : log_probabilities[row * known_labels + label];
}

double JudgedRows::probability(std::size_t row, std::size_t label) const {
  return std::exp(static_cast<double>(log_probability(row, label)));
}

Metrics metrics_of(const JudgedRows& rows) {
  MetricsAccumulator accumulator = accumulator_of(rows, rows.rows.size());
  for (std::size_t row = 0; row < rows.rows.size(); ++row) add_row(rows, row, accumulator);
  return accumulator.finish();
}

Metrics metrics_of(const JudgedRows& rows, std::span<const std::uint32_t> chosen) {
  MetricsAccumulator accumulator = accumulator_of(rows, chosen.size());
  for (const std::uint32_t row : chosen) add_row(rows, row, accumulator);
  return accumulator.finish();
}

void put_in_order(JudgedRows& rows) {
  const std::vector<std::uint32_t> ranks = name_ranks(rows.labels);
  std::vector<std::uint32_t> order(rows.rows.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    const JudgedRow& left = rows.rows[a];
    const JudgedRow& right = rows.rows[b];
    if (left.hash != right.hash) return left.hash < right.hash;
    if (left.truth != right.truth) return ranks[left.truth] < ranks[right.truth];
    for (const RowColumn& column : rows.columns) {
      if (column.rows[a] != column.rows[b]) return column.rows[a] < column.rows[b];
    }
    return std::tuple(left.input, left.ordinal, left.line) < std::tuple(right.input, right.ordinal, right.line);
  });
  permute(rows.rows, order);
  for (RowColumn& column : rows.columns) permute(column.rows, order);
  permute(rows.log_probabilities, order, rows.known_labels);
  for (std::size_t i = 0; i < rows.rows.size(); ++i) {
    const bool repeated = i > 0 && rows.rows[i].hash == rows.rows[i - 1].hash;
    rows.rows[i].occurrence = repeated ? rows.rows[i - 1].occurrence + 1 : 0;
  }
}

JudgedRows told_exactly(const JudgedRows& rows, std::vector<std::uint32_t>& places) {
  JudgedRows exact;
  exact.labels = rows.labels;
  exact.known_labels = rows.known_labels;
  exact.inputs = rows.inputs;
  exact.identity = RowIdentity::exact;
  exact.rows = rows.rows;
  for (std::size_t i = 0; i < exact.rows.size(); ++i) {
    exact.rows[i].hash = exact.rows[i].exact_hash;
    exact.rows[i].exact_hash = i;  // comes along when they are put in order
  }
  put_in_order(exact);
  places.clear();
  places.reserve(exact.rows.size());
  for (JudgedRow& row : exact.rows) {
    places.push_back(static_cast<std::uint32_t>(row.exact_hash));
    row.exact_hash = row.hash;
  }
  return exact;
}

std::string predictions_digest(const JudgedRows& rows) {
  encoding::Sha256 hash;
  std::string bytes;
  for (const JudgedRow& row : rows.rows) {
    const std::string& label = rows.labels[row.predicted];
    bytes.clear();
    append_little_endian(bytes, row.hash, 8);
    append_little_endian(bytes, row.occurrence, 4);
    append_little_endian(bytes, label.size(), 4);
    bytes += label;
    append_little_endian(bytes, std::bit_cast<std::uint32_t>(row.confidence), 4);
    hash.update(bytes);
  }
  return hash.hex();
}

}  // namespace textlambda::metrics
