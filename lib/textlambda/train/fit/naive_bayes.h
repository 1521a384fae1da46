// Where a fit's weights start and are drawn back to: a damped naive Bayes classifier. Logistic regression needs less
// evidence to get right what counting already knows, which shows most where labels are many and documents few (Ng and
// Jordan, "On discriminative vs. generative classifiers", NIPS 2001; Wang and Manning, ACL 2012, mix the two after the
// fit). Measured in docs/learning.md.
//
// A feature's weight for label k is β · ln(1 + n_fk / (α · π_k)): n_fk documents of the label have it, π_k is the
// label's share, α a pseudo-count. A feature and a label that never meet give 0.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "textlambda/io/executor.h"
#include "textlambda/train/fit/fit_rows.h"
#include "textlambda/train/fit/solver.h"
#include "textlambda/train/label_lists.h"
#include "textlambda/train/training_set.h"

namespace textlambda::train {

struct LabelCounts {
  LabelCounts() = default;
  // None yet, and no pattern: of fewer labels. `documents` a label.
  LabelCounts(const std::vector<double>& documents, std::size_t feature_count);
  // Of lists of all features. `further`: where labels are many, what has places in the pattern too, though it is not
  // counted; or null.
  LabelCounts(const LabelLists& lists, const io::Executor& executor, const LabelLists* further = nullptr);

  // What lists of some of the features say; each feature once. Without a pattern.
  void add(const LabelLists& lists, const io::Executor& executor);

  std::vector<double> label_counts;              // documents a label
  std::size_t stride = 0;                        // 2 for two labels, else that of Weights
  std::shared_ptr<const WeightPattern> pattern;  // as in Weights
  MatrixVector<float> counts;                    // n_fk, features × stride; with a pattern, its places and one more
};

// `strength` is β; 0 gives weights of 0. Writes to `rows` as handicaps what the prior gives to each row's own label
// only because it has counted that row's documents, as a logit of at most 0: to be added while fitting, or the fit
// trusts the prior more than it deserves. 0 for held-out rows, for rows with several labels: such a text comes again,
// and then as one that was counted; and for guesses.
Weights make_prior(LabelCounts counts, const TrainingSet& set, FitRows& rows, double strength,
                   const io::Executor& executor);

}  // namespace textlambda::train
