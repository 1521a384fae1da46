// Two runs over the same test set in which every metric has something to measure.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "tests/metrics/sample_rows.h"

struct JudgedSample {
  textlambda::metrics::JudgedRows before, after;
};

// 60 rows of both labels; the new run has other faults, other confidences, and abstains where it is unsure. Groups of
// three rows share a thread.
inline JudgedSample judged_sample() {
  std::vector<SampleRow> before, after;
  for (int i = 0; i < 60; ++i) {
    const std::string truth = i % 3 == 0 ? "spam" : "ham";
    const std::string other = i % 3 == 0 ? "ham" : "spam";
    const auto confidence = [](int step) { return 0.55F + 0.044F * static_cast<float>(step % 10); };
    const std::vector<std::string> thread{std::to_string(i / 3)};
    before.push_back({std::to_string(i), truth, i % 7 == 0 ? other : truth, confidence(i * 3), thread});
    after.push_back({std::to_string(i), truth, i % 5 == 0 ? other : truth, confidence(i * 7), thread});
  }
  JudgedSample sample{sample_rows(before, {"thread"}), sample_rows(after, {"thread"})};
  for (auto* rows : {&sample.before, &sample.after}) {
    for (textlambda::metrics::JudgedRow& row : rows->rows) row.abstained = row.confidence < 0.6F;
  }
  return sample;
}

// The same rows, all right and sure.
inline textlambda::metrics::JudgedRows faultless_sample() {
  std::vector<SampleRow> rows;
  for (int i = 0; i < 60; ++i) {
    const std::string truth = i % 3 == 0 ? "spam" : "ham";
    rows.push_back({std::to_string(i), truth, truth, 0.999F, {std::to_string(i / 3)}});
  }
  return sample_rows(rows, {"thread"});
}
