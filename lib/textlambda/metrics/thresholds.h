// The abstain threshold that keeps a promise: of the predictions that are not abstained from, at most a given share is
// wrong, but for a stated probability. Pure functions, thread-safe.
//
// Candidates are tried from the most confident predictions down, each by the exact binomial test of "the share of wrong
// ones is above the limit" (Clopper and Pearson's bound, stats/interval.h), and the first that is not refuted ends the
// search: fixed-sequence testing, so that however many candidates there are, one that breaks the promise is chosen with
// a probability of at most alpha (Angelopoulos, Bates, Candès, Jordan and Lei, "Learn then test", Annals of Applied
// Statistics 19, 2025; for classifiers with a reject option: Geifman and El-Yaniv, "Selective classification for deep
// neural networks", NIPS 2017). The promise is over the draw of the examples, which must be like those to come and have
// had no part in the training, and it supposes that less confident predictions are not wrong more seldom.
// docs/drift.md.
#pragma once

#include <cstdint>
#include <vector>

#include "textlambda/stats/calibration_error.h"

namespace textlambda::metrics {

struct ThresholdOptions {
  double max_risk = 0.05;  // share of wrong ones among the predictions made: 1 − precision
  double alpha = 0.05;     // probability that the promise is broken
};

// Throws Error(usage).
void validate(const ThresholdOptions& options);

struct ThresholdChoice {
  bool attained = false;
  float threshold = 0;  // a prediction below it abstains; 0: all may be made

  // Of the choice; where none is attained, of the first candidate.
  std::uint64_t accepted = 0;  // examples not abstained from
  std::uint64_t wrong = 0;     // of those
  double risk_bound = 1;       // one-sided upper bound of the share of wrong ones, at 1 − alpha

  std::uint64_t examples = 0;
  std::uint64_t all_wrong = 0;  // with no threshold
  // With fewer accepted examples not even a set without an error could attain it.
  std::uint64_t fewest = 0;
};

// `outcomes` in any order. Throws Error as validate() does.
ThresholdChoice choose_threshold(std::vector<stats::ConfidenceOutcome> outcomes, const ThresholdOptions& options);

}  // namespace textlambda::metrics
