// Multinomial logistic regression, drawn towards prior weights M: min ½‖W − M‖² + Σ C_i · log-loss_i, fitted in the
// dual by block coordinate ascent, one row a block (Yu, Huang and Lin, "Dual coordinate descent methods for logistic
// regression and maximum entropy models", Machine Learning 85, 2011). A row of several documents has its labels' shares
// t as target and the sum of their C as C_i.
//
// The dual variables are each row's probabilities q; W = M + Σ C_i (t_i − q_i) x_i always holds. They start at the
// target, where W = M. A visit to a row replaces its q by the solution of q = softmax(Wx + a·q_old − a·q),
// a = C_i ‖x‖², which maximises the dual over that block exactly: an inexact solution together with skipping was seen
// to end at W = M. Rows that barely moved sit out the next epoch.
//
// The duality gap is Σ C_i · KL(q_i ‖ softmax(Wx_i)): what the rows' probabilities are off by says how far from the
// optimum the weights can be.
//
// Where labels are many (a pattern) a row has a probability for the labels of its shortlist alone (shortlists.h), the
// optimum is that of weights that are 0 outside the pattern, and a step takes the a of a label that all of the row's
// features have weights for, which is no smaller than each label's own: no longer the exact solution of its block, but
// never a step too far.
//
// A shard's pass is sequential, and how many shards there are follows the options, not the threads: so do the weights.
// With several shards a pass visits each shard's rows in weights of the shard's own, with C as many times as large as
// there are shards: as if what it learns from its rows were what the others learn from theirs. The mean of the shards'
// weights after the pass is M + Σ C_i (t_i − q_i) x_i of all rows again. This is CoCoA+ (Ma and others, "Adding vs.
// averaging in distributed primal-dual optimization", ICML 2015) with σ' = K, γ = 1.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "textlambda/io/executor.h"
#include "textlambda/train/fit/fit_rows.h"
#include "textlambda/train/matrix_memory.h"
#include "textlambda/train/training_set.h"

namespace textlambda::train {

struct SolverOptions {
  std::vector<float> c;  // C of each label's documents
  int epochs = 5;        // at least
  // Then further ones until the gap is small enough, but no more than so many altogether.
  int most_epochs = 5;
  double gap = 0;
  std::uint64_t seed = 1;
  std::size_t shards = 1;  // of weights without a pattern; those of a pattern have one
  // A row whose probabilities moved less than this sits out the next epoch.
  float settled = 0.002F;
};

// Called after each tenth of an epoch or so with the share of the fit that is done, from one thread at a time.
using FitProgress = std::function<void(double share)>;

class WeightPattern;

// The weights of a fit. Two labels share one vector, the log-odds of label 1: a stride of 1. Else a row a feature,
// `stride` floats long, of which the first label_count are used; the stride is a multiple of 4, or of a cache line's 16
// where that is at most an eighth more. Many labels have weights for the features that a pattern gives them.
struct Weights {
  std::size_t label_count = 0;
  std::size_t stride = 0;                        // 0 where there is a pattern
  std::shared_ptr<const WeightPattern> pattern;  // null: each feature has a weight for every label
  MatrixVector<float> matrix;                    // features × stride; with a pattern, its places and one more
  std::vector<float> bias;                       // stride; with a pattern, a label

  Weights() = default;
  // All 0.
  Weights(std::size_t label_count, std::size_t feature_count);
  explicit Weights(std::shared_ptr<const WeightPattern> pattern);

  // Writes label_count logits of one document.
  void logits(SparseRow row, float* out) const;
  // Of label 1, where there are two labels.
  float log_odds(SparseRow row) const;
};

// Side by side: the matrix may be the largest thing in memory.
Weights copy(const Weights& weights, const io::Executor& executor);

// Σ C · divergence as a pass met it, and the Σ C of the rows it visited.
struct PassGap {
  double sum = 0;
  double costs = 0;
};

struct Ascent {
  int epochs = 0;
  // The gap as the last epoch met it at the rows it visited, before each one's own step, as a share of their Σ C_i: in
  // nats of log-loss.
  double gap = 0;
};

class Shard;

// A fit that can go on without the rows that are held out. `set` and `executor` have to outlive it; one thread at a
// time.
class ShardedFit {
 public:
  // `prior` has no pattern.
  ShardedFit(const TrainingSet& set, const FitRows& rows, Weights prior, const SolverOptions& options,
             const io::Executor& executor);
  ~ShardedFit();
  ShardedFit(const ShardedFit&) = delete;
  ShardedFit& operator=(const ShardedFit&) = delete;

  // All epochs.
  Ascent ascend(const FitProgress& progress);

  // Then: what the held-out rows gave to the weights is taken back, exactly, by their dual variables, and one pass more
  // is made over the other rows, which had counted on them. Nearly the fit that has never seen them, at the cost of one
  // epoch (docs/learning.md).
  void leave_out_held_out();

  const Weights& weights() const { return weights_[0]; }
  Weights take_weights() { return std::move(weights_[0]); }

 private:
  PassGap pass(int epoch, bool measure, const FitProgress& progress);
  void average();

  SolverOptions options_;  // a shard's
  const io::Executor& executor_;
  std::vector<Weights> weights_;  // a shard; equal between passes
  std::vector<std::unique_ptr<Shard>> shards_;
  int epochs_ = 0;
};

struct Fit {
  Weights weights;
  int epochs = 0;
  double gap = 0;  // as in Ascent
};

// `weights` are the prior's.
Fit fit(const TrainingSet& set, const FitRows& rows, Weights weights, const SolverOptions& options,
        const io::Executor& executor, const FitProgress& progress);

}  // namespace textlambda::train
