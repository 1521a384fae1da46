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
#include <vector>

#include "textlambda/io/executor.h"
#include "textlambda/train/fit/solver.h"
#include "textlambda/train/label_lists.h"
#include "textlambda/train/training_set.h"

namespace textlambda::train {

struct LabelCounts {
  LabelCounts(const LabelLists& lists, const io::Executor& executor);

  std::vector<std::uint64_t> label_counts;  // documents a label
  std::size_t stride = 0;                   // 2 for two labels, else that of Weights
  MatrixVector<float> counts;               // n_fk, features × stride
};

struct Prior {
  Weights weights;
  // What the prior gives to each document's own label only because it has counted that document, as a logit of at most
  // 0: to be added while fitting, or the fit trusts the prior more than it deserves. 0 for held-out documents.
  std::vector<float> handicaps;
};

// `strength` is β; 0 gives weights and handicaps of 0.
Prior make_prior(LabelCounts counts, const TrainingSet& set, const std::vector<std::uint8_t>& held_out, double strength,
                 const io::Executor& executor);

}  // namespace textlambda::train
