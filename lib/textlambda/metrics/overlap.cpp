#include "textlambda/metrics/overlap.h"

#include <cstdio>

#include "textlambda/text/count.h"

namespace textlambda::metrics {

Overlap find_overlap(const JudgedRows& rows, const model::RowFilter& filter) {
  Overlap overlap;
  overlap.known = filter.present();
  overlap.rows = rows.rows.size();
  if (!overlap.known) return overlap;
  for (const JudgedRow& row : rows.rows) overlap.found += filter.contains(row.exact_hash) ? 1U : 0U;
  overlap.by_chance = static_cast<double>(overlap.rows - overlap.found) * model::RowFilter::kFalsePositiveRate;
  return overlap;
}

std::string overlap_sentence(const Overlap& overlap) {
  if (overlap.found == 0) return "";
  const std::string found = text::grouped(overlap.found);
  std::string sentence = found + " of " + text::grouped(overlap.rows) +
                         (overlap.found == 1 ? " test rows has a text" : " test rows have a text") +
                         " that the model was trained on: what it makes of " +
                         (overlap.found == 1 ? "that says" : "those says") + " nothing about new texts";
  if (overlap.by_chance >= 0.05) {
    char expected[32];
    std::snprintf(expected, sizeof expected, "%.1f", overlap.by_chance);
    sentence += std::string(" (") + expected + " expected by chance, the filter of training rows being approximate)";
  }
  return sentence;
}

}  // namespace textlambda::metrics
