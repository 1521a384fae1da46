// Test rows that the model was trained on: accuracy on those says nothing. Found with the filter of training rows that
// the model keeps. Pure functions, thread-safe.
#pragma once

#include <cstdint>
#include <string>

#include "textlambda/metrics/judged_rows.h"
#include "textlambda/model/row_filter.h"

namespace textlambda::metrics {

struct Overlap {
  bool known = false;       // false: the model keeps no filter
  std::uint64_t rows = 0;   // of the test set
  std::uint64_t found = 0;  // of those, whose text is that of a training row
  double by_chance = 0;     // of those, expected to be the filter's false positives
};

// `rows`: of a run itself, with exact hashes.
Overlap find_overlap(const JudgedRows& rows, const model::RowFilter& filter);

// "123 of 25,000 test rows are among the rows the model was trained on: …"; empty where none are.
std::string overlap_sentence(const Overlap& overlap);

}  // namespace textlambda::metrics
