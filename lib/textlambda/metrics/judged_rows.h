// Every example of a test set with what a model said of it: all that metrics, comparisons and curves are computed from,
// whether it comes from a model at work or from the side-car file of a baseline (row_file.h). Plain values.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "textlambda/metrics/metrics.h"

namespace textlambda::metrics {

// By what rows of the same text are told.
enum class RowIdentity {
  as_seen,  // features::RowKeys: by what a model sees of it
  exact,    // features::row_hash: by its bytes, as baselines of version 1 have it
};

struct JudgedRow {
  std::uint64_t hash = 0;        // of the text: see JudgedRows::identity
  std::uint64_t exact_hash = 0;  // features::row_hash of the text; not in a side-car file
  std::uint32_t occurrence = 0;  // among the rows of that hash, in canonical order, from 0
  std::uint32_t truth = 0;       // index into JudgedRows::labels
  std::uint32_t predicted = 0;   // index into JudgedRows::labels, one of the model's
  float confidence = 0;          // probability of the predicted label
  float log_p_truth = 0;         // ln of the probability of the true label; 0 where the model does not know that
  float squared_distance = 0;    // the Brier score's term, likewise
  std::uint32_t rank = 0;        // labels that the model prefers to the true one; its number of labels where unknown
  bool abstained = false;        // the confidence is below the model's threshold
  std::uint32_t input = 0;       // which of the test set's inputs, from 0
  std::uint64_t ordinal = 0;     // rows of that input before it; not in a side-car file
  std::uint64_t line = 0;        // in the input, from 1: for messages

  bool correct() const { return truth == predicted; }
};

// A further column of the test set: what slices and clusters are made of.
struct RowColumn {
  std::string name;
  std::vector<std::string> values;  // distinct, sorted by their bytes
  std::vector<std::uint32_t> rows;  // a row: index into `values`
};

struct JudgedRows {
  std::vector<std::string> labels;  // the model's in its order, then those it does not know, sorted by name
  std::size_t known_labels = 0;     // how many are the model's
  RowIdentity identity = RowIdentity::as_seen;
  bool has_exact_hashes = false;    // of a run itself, not of a side-car file
  std::vector<std::string> inputs;  // names for messages; of a side-car file "input 1", … of its baseline
  std::vector<JudgedRow> rows;      // in canonical order: by hash, truth by name, columns' values, input, ordinal
  std::vector<RowColumn> columns;
  // A row: ln of the probability of each of the model's labels. Empty where there are two labels (the confidence says
  // it all) or where there would be more than kMostLogProbabilities.
  std::vector<float> log_probabilities;

  bool has_probabilities() const { return known_labels == 2 || !log_probabilities.empty(); }
  // ln of the probability of `label` < known_labels. Only where has_probabilities().
  float log_probability(std::size_t row, std::size_t label) const;
  double probability(std::size_t row, std::size_t label) const;
  // Of both labels, where there are two.
  std::array<float, 2> two_log_probabilities(std::size_t row) const;
};

// The metrics of these rows: those of the model's run, up to the rounding of float32.
Metrics metrics_of(const JudgedRows& rows);
// The same of some rows, given by index.
Metrics metrics_of(const JudgedRows& rows, std::span<const std::uint32_t> chosen);

// Puts rows (and what belongs to them) into canonical order and numbers the occurrences.
void put_in_order(JudgedRows& rows);

// The same rows told by their exact hashes, in the canonical order that this gives; labels and inputs with them,
// nothing else. `places`: where each stands in `rows`. Only where rows.has_exact_hashes.
JudgedRows told_exactly(const JudgedRows& rows, std::vector<std::uint32_t>& places);

// SHA-256 over hash, occurrence, predicted label and confidence of each row: equal where two models said the same, in
// whatever order the test set stands.
std::string predictions_digest(const JudgedRows& rows);

}  // namespace textlambda::metrics
