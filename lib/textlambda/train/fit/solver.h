// Multinomial logistic regression, drawn towards prior weights M: min ½‖W − M‖² + Σ C_i · log-loss_i, fitted in the
// dual by block coordinate ascent, one document a block (Yu, Huang and Lin, "Dual coordinate descent methods for
// logistic regression and maximum entropy models", Machine Learning 85, 2011).
//
// The dual variables are each document's probabilities q; W = M + Σ C_i (e_y − q_i) x_i always holds. They start at the
// one-hot label, where W = M. A visit to a document replaces its q by the solution of q = softmax(Wx + a·q_old − a·q),
// a = C_i ‖x‖², which maximises the dual over that block exactly: an inexact solution together with skipping was seen
// to end at W = M. Documents that barely moved sit out the next epoch.
//
// One fit is sequential, so its result does not depend on threads; independent fits may run side by side.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "textlambda/train/matrix_memory.h"
#include "textlambda/train/training_set.h"

namespace textlambda::train {

struct SolverOptions {
  std::vector<float> c;  // C of each label's documents
  int epochs = 5;
  std::uint64_t seed = 1;
  // A document whose probabilities moved less than this sits out the next epoch.
  float settled = 0.002F;
};

// Called after each tenth of an epoch or so with the share of the fit that is done, from the fitting thread.
using FitProgress = std::function<void(double share)>;

// The weights of a fit. Two labels share one vector, the log-odds of label 1: a stride of 1. Else a row a feature,
// `stride` floats long, of which the first label_count are used; the stride is a multiple of 4, or of a cache line's 16
// where that is at most an eighth more.
struct Weights {
  std::size_t label_count = 0;
  std::size_t stride = 0;
  MatrixVector<float> matrix;  // features × stride
  std::vector<float> bias;     // stride

  Weights() = default;
  // All 0.
  Weights(std::size_t label_count, std::size_t feature_count);

  // Writes label_count logits of one document.
  void logits(SparseRow row, float* out) const;
};

// Fits to the documents listed. `weights` are the prior's. `handicaps`, one a document of the set, are added to the
// logit of each document's own label.
Weights fit(const TrainingSet& set, const std::vector<std::uint32_t>& documents, Weights weights,
            const std::vector<float>& handicaps, const SolverOptions& options, const FitProgress& progress);

}  // namespace textlambda::train
