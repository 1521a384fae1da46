#include "textlambda/metrics/row_collector.h"

#include <algorithm>
#include <utility>

#include "textlambda/features/row_hash.h"

namespace textlambda::metrics {
namespace {

// The value's number, a new one for a new value. The distinct values of a chunk are few where they are slices.
std::uint32_t number_of(std::string_view value, ChunkRows::Column& column) {
  const auto met = column.numbers.find(value);
  if (met != column.numbers.end()) return met->second;
  const auto number = static_cast<std::uint32_t>(column.numbers.size());
  column.numbers.emplace(value, number);
  return number;
}

}  // namespace

RowCollector::RowCollector(const corpus::RowSource& corpus) : corpus_(corpus), chunks_(corpus.partition_count()) {
  for (ChunkRows& chunk : chunks_) chunk.columns.resize(corpus.columns().size());
}

void RowCollector::add(std::size_t chunk, const corpus::Example& example, const Outcome& outcome) {
  ChunkRows& part = chunks_[chunk];
  JudgedRow row;
  row.hash = part.keys.key(example.text);
  row.exact_hash = features::row_hash(example.text);
  row.truth = outcome.truth;
  row.predicted = outcome.predicted;
  row.confidence = outcome.confidence;
  if (outcome.truth < kUnknownLabel) {
    row.log_p_truth = static_cast<float>(outcome.log_p_truth);
    // Its sum may round to just below 0.
    row.squared_distance = static_cast<float>(std::max(0.0, outcome.squared_distance));
  }
  row.rank = outcome.rank;
  row.abstained = outcome.abstained;
  row.ordinal = example.row;
  row.line = example.line;
  part.rows.push_back(row);
  for (std::size_t i = 0; i < part.columns.size(); ++i) {
    part.columns[i].rows.push_back(number_of((*example.columns)[i], part.columns[i]));
  }
}

void RowCollector::add_log_probabilities(std::span<const float> log_probabilities) {
  log_probabilities_.insert(log_probabilities_.end(), log_probabilities.begin(), log_probabilities.end());
}

void RowCollector::move_columns(JudgedRows& rows) {
  for (std::size_t i = 0; i < corpus_.columns().size(); ++i) {
    RowColumn column;
    column.name = corpus_.columns()[i];
    for (const ChunkRows& chunk : chunks_) {
      for (const auto& [value, number] : chunk.columns[i].numbers) column.values.push_back(value);
    }
    std::sort(column.values.begin(), column.values.end());
    column.values.erase(std::unique(column.values.begin(), column.values.end()), column.values.end());
    for (ChunkRows& chunk : chunks_) {
      std::vector<std::uint32_t> places(chunk.columns[i].numbers.size());
      for (const auto& [value, number] : chunk.columns[i].numbers) {
        const auto found = std::lower_bound(column.values.begin(), column.values.end(), value);
        places[number] = static_cast<std::uint32_t>(found - column.values.begin());
      }
      for (const std::uint32_t number : chunk.columns[i].rows) column.rows.push_back(places[number]);
      chunk.columns[i] = {};
    }
    rows.columns.push_back(std::move(column));
  }
}

JudgedRows RowCollector::finish(std::vector<std::string> model_labels,
                                const std::vector<std::vector<std::string>>& unknown_labels) {
  JudgedRows result;
  result.labels = std::move(model_labels);
  result.known_labels = result.labels.size();
  result.has_exact_hashes = true;
  const auto known = static_cast<std::ptrdiff_t>(result.known_labels);
  for (const auto& names : unknown_labels) result.labels.insert(result.labels.end(), names.begin(), names.end());
  std::sort(result.labels.begin() + known, result.labels.end());
  result.labels.erase(std::unique(result.labels.begin() + known, result.labels.end()), result.labels.end());
  for (const corpus::InputDescription& input : corpus_.inputs()) result.inputs.push_back(input.name);

  for (std::size_t chunk = 0; chunk < chunks_.size(); ++chunk) {
    const corpus::RowId first = corpus_.identify(chunk, 0);
    const std::uint64_t lines_before = corpus_.locate(chunk, 0).line;
    for (JudgedRow row : chunks_[chunk].rows) {
      if (row.truth >= kUnknownLabel) {
        const std::string& name = unknown_labels[chunk][row.truth - kUnknownLabel];
        const auto found = std::lower_bound(result.labels.begin() + known, result.labels.end(), name);
        row.truth = static_cast<std::uint32_t>(found - result.labels.begin());
      }
      row.input = static_cast<std::uint32_t>(first.input);
      row.ordinal += first.ordinal;
      row.line += lines_before;
      result.rows.push_back(row);
    }
    chunks_[chunk].rows = {};
    chunks_[chunk].keys = {};
  }
  // Two labels need none; beyond the limit some rows have none.
  if (result.known_labels > 2 && log_probabilities_.size() == result.rows.size() * result.known_labels) {
    result.log_probabilities = std::move(log_probabilities_);
  }
  move_columns(result);
  put_in_order(result);
  return result;
}

}  // namespace textlambda::metrics
