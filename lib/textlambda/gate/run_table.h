// Several runs over one test set side by side: which of them can be told apart. Pure, thread-safe.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "textlambda/gate/comparison.h"

namespace textlambda::gate {

struct RunRightness {
  std::string name;
  std::vector<bool> right;  // a row of the test set: as many and in the same order for all runs
};

// Every pair by the exact McNemar test, two-sided, with Holm's adjustment over all pairs. The critical difference of
// a pair is z·√(d/n), d the share of rows on which the two disagree, z the two-sided normal quantile at alpha over the
// number of pairs (Bonferroni). Runs that share a letter cannot be told apart: maximal stretches of the table in which
// no pair differs (J. Demšar, "Statistical comparisons of classifiers over multiple data sets", JMLR 7, 2006).
RunTable run_table(std::span<const RunRightness> runs, double alpha);

}  // namespace textlambda::gate
