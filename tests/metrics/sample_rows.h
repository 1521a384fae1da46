// Judged rows written by hand.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "textlambda/features/row_hash.h"
#include "textlambda/features/row_key.h"
#include "textlambda/metrics/judged_rows.h"

struct SampleRow {
  std::string text;
  std::string truth;
  std::string predicted;
  float confidence = 0.75F;
  std::vector<std::string> columns = {};
};

// The labels "ham" and "spam" are the model's; others are unknown to it. Lines count from 1 as the rows stand.
inline textlambda::metrics::JudgedRows sample_rows(const std::vector<SampleRow>& samples,
                                                   const std::vector<std::string>& columns = {}) {
  using namespace textlambda::metrics;
  JudgedRows rows;
  rows.labels = {"ham", "spam"};
  rows.known_labels = 2;
  for (const SampleRow& sample : samples) {
    if (std::find(rows.labels.begin(), rows.labels.end(), sample.truth) == rows.labels.end()) {
      rows.labels.push_back(sample.truth);
    }
  }
  std::sort(rows.labels.begin() + 2, rows.labels.end());
  rows.inputs = {"test.jsonl"};
  const auto number = [&](const std::string& label) {
    const auto found = std::find(rows.labels.begin(), rows.labels.end(), label);
    return static_cast<std::uint32_t>(found - rows.labels.begin());
  };
  for (std::size_t c = 0; c < columns.size(); ++c) {
    RowColumn column;
    column.name = columns[c];
    for (const SampleRow& sample : samples) column.values.push_back(sample.columns.at(c));
    std::sort(column.values.begin(), column.values.end());
    column.values.erase(std::unique(column.values.begin(), column.values.end()), column.values.end());
    for (const SampleRow& sample : samples) {
      const auto found = std::find(column.values.begin(), column.values.end(), sample.columns.at(c));
      column.rows.push_back(static_cast<std::uint32_t>(found - column.values.begin()));
    }
    rows.columns.push_back(column);
  }
  std::uint64_t line = 0;
  for (const SampleRow& sample : samples) {
    JudgedRow row;
    row.hash = textlambda::features::RowKeys().key(sample.text);
    row.exact_hash = textlambda::features::row_hash(sample.text);
    row.truth = number(sample.truth);
    row.predicted = number(sample.predicted);
    row.confidence = sample.confidence;
    if (row.truth < 2) {
      const double p =
          row.correct() ? static_cast<double>(sample.confidence) : 1 - static_cast<double>(sample.confidence);
      row.log_p_truth = static_cast<float>(std::log(p));
      row.squared_distance = static_cast<float>(2 * (1 - p) * (1 - p));
      row.rank = row.correct() ? 0 : 1;
    } else {
      row.rank = 2;
    }
    row.line = ++line;
    rows.rows.push_back(row);
  }
  rows.has_exact_hashes = true;
  put_in_order(rows);
  return rows;
}

// `count` rows "0", "1", … of which the first `wrong` are predicted wrong, every second one spam.
inline std::vector<SampleRow> many_rows(std::size_t count, std::size_t wrong, std::size_t wrong_from = 0) {
  std::vector<SampleRow> rows;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string truth = i % 2 == 0 ? "ham" : "spam";
    const std::string other = i % 2 == 0 ? "spam" : "ham";
    const bool is_wrong = i >= wrong_from && i < wrong_from + wrong;
    rows.push_back({std::to_string(i), truth, is_wrong ? other : truth});
  }
  return rows;
}
