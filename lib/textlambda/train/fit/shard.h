// A part of a fit's rows, with weights of its own: what one thread works on at a time (solver.h).
#pragma once

#include <cstddef>
#include <memory>

#include "textlambda/train/fit/ascent.h"
#include "textlambda/train/fit/fit_rows.h"
#include "textlambda/train/fit/solver.h"
#include "textlambda/train/training_set.h"

namespace textlambda::train {

class Shard {
 public:
  virtual ~Shard() = default;

  // Visits the rows once.
  virtual PassGap pass(int epoch, bool measure, const FitProgress& progress) = 0;

  // Takes back what the held-out rows gave to the weights, as if they had never been visited; later passes leave them
  // out.
  virtual void leave_out_held_out() = 0;
};

// `weights` have no pattern; they and `set` have to outlive the shard, which changes the weights. `options`: C as the
// shard takes it.
std::unique_ptr<Shard> make_shard(const TrainingSet& set, FitRows rows, Weights& weights, const SolverOptions& options,
                                  std::size_t number);

}  // namespace textlambda::train
