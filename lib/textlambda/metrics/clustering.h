// How groups agree with labels, whatever either is called: both are ways to part the same examples. Definitions and
// special cases are scikit-learn's (sklearn.metrics, 1.2) with natural logarithms and arithmetic means; purity is C. D.
// Manning, P. Raghavan and H. Schütze's ("Introduction to information retrieval", 2008, 16.3). Pure functions,
// thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "textlambda/metrics/confusion_matrix.h"

namespace textlambda::metrics {

struct ClusteringFigures {
  std::uint64_t examples = 0;
  double nmi = 0;  // mutual information over the mean of both entropies
  // The same less what chance brings: the expected mutual information of ways to part with groups of these sizes,
  // summed exactly over the hypergeometric distribution (N. X. Vinh, J. Epps and J. Bailey, "Information theoretic
  // measures for clusterings comparison", JMLR 11, 2010). Below 0 where chance does better.
  double ami = 0;
  double homogeneity = 0;   // of each group's labels
  double completeness = 0;  // of each label's groups
  double v_measure = 0;     // their harmonic mean (A. Rosenberg and J. Hirschberg, EMNLP 2007)
  double ari = 0;     // pairs of examples, less chance (L. Hubert and P. Arabie, Journal of Classification 2, 1985)
  double purity = 0;  // share of the examples that have their group's most frequent label
};

// `counts`: rows labels, columns groups; those without an example do not matter. All figures are 1 for no examples but
// purity, which is 0.
ClusteringFigures clustering_figures(const ConfusionMatrix& counts);

// Of it, the adjusted Rand index alone: the others take longer.
double adjusted_rand_index(const ConfusionMatrix& counts);

// What a group's examples mostly are.
struct GroupMajority {
  std::uint64_t examples = 0;
  std::uint32_t label = 0;  // row; of as many the smallest
  std::uint64_t of_label = 0;
};

// A column each.
std::vector<GroupMajority> group_majorities(const ConfusionMatrix& counts);

}  // namespace textlambda::metrics
