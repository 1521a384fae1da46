// A mixture of multinomials over weighted terms, fitted by EM with a temper on the likelihood (K. Nigam, A. McCallum,
// S. Thrun and T. Mitchell, "Text classification from labeled and unlabeled documents using EM", Machine Learning 39,
// 2000; N. Ueda and R. Nakano, "Deterministic annealing EM algorithm", Neural Networks 11, 1998). A group's terms are
// held against the background and drawn to it. What comes out is a linear classifier: τ·W and the logarithms of the
// shares. Depends on matrix and start alone, not on the threads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "textlambda/io/executor.h"
#include "textlambda/topics/spherical_k_means.h"
#include "textlambda/topics/term_matrix.h"

namespace textlambda::topics {

struct MixtureOptions {
  int rounds = 12;
  // τ: from the first round to the last, by equal steps. Below 1 texts stay undecided for longer.
  float first_temper = 0.5F;
  float last_temper = 2.5F;
  // Pseudo-counts of the background a group, in shares of a group's mean mass. With 1 and more short texts end in one
  // group.
  float background = 0.5F;
  // Added to each share, so that a group that has lost all can come back.
  float least_share = 1e-3F;
};

struct Mixture {
  Rows weights;                  // a row a term, a column a group: W, without τ
  Eigen::RowVectorXf log_prior;  // a group: ln(share + least_share)
  Rows shares;                   // a row a text: the probabilities of the groups
  double log_likelihood = 0;     // mean over the texts, tempered: ln Σ e^(τ·XW + prior)
};

// `words`: texts.transposed(). `start`: a row a text, probabilities; fixed[text] is the group that it stays in, or
// kNoGroup (empty: no text is fixed).
Mixture fit_mixture(const TermMatrix& texts, const TermMatrix& words, Rows start, std::span<const std::uint32_t> fixed,
                    const MixtureOptions& options, const io::Executor& executor);

// Probabilities of the groups of texts under a mixture, a row a text, with the temper of its last round. Returns the
// mean log-likelihood, as above.
double assign_groups(const TermMatrix& texts, const Mixture& mixture, float temper, Rows& shares,
                     const io::Executor& executor);

}  // namespace textlambda::topics
