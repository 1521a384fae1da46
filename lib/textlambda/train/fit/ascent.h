// What the solvers have in common: rows' states, epochs, order, who sits out, progress.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

#include "textlambda/train/counter_random.h"
#include "textlambda/train/fit/fit_rows.h"
#include "textlambda/train/fit/solver.h"
#include "textlambda/train/training_set.h"

namespace textlambda::train {

// More copies of a text than this weigh no more: its shares are long certain, and a C of millions would be lost in the
// rounding of floats.
inline constexpr float kMostCopies = 1024;

// What a solver keeps of a row, together, since rows are visited in random order.
struct RowState {
  std::uint32_t document = 0;
  std::uint32_t label = 0;  // of its documents, where they have one
  float cost = 0;           // Σ C of its documents
  float settled = 0;        // it sits out when it moved less
  float handicap = 0;       // on label 1's logit where there are two labels, else on that of `label`
  float probability = 0;    // of label 1, where there are two labels
};

inline std::vector<RowState> start_rows(const FitRows& rows, std::size_t label_count, const SolverOptions& options) {
  std::vector<RowState> states;
  states.reserve(rows.size());
  for (std::size_t row = 0; row < rows.size(); ++row) {
    RowState state;
    state.document = rows.document(row);
    float documents = 0;
    float of_label_1 = 0;
    for (const FitRows::LabelPart& part : rows.parts(row)) {
      const float own = options.c[part.label] * part.documents;
      documents += part.documents;
      state.cost += own;
      of_label_1 += part.label == 1 ? own : 0;
      state.handicap += label_count > 2 || part.label == 1 ? part.handicap : -part.handicap;
      state.label = part.label;
    }
    state.probability = of_label_1 / state.cost;
    const float of_all = std::min(kMostCopies / documents, 1.0F);
    state.cost *= of_all;
    state.settled = options.settled / std::max(documents * of_all, 1.0F);
    states.push_back(state);
  }
  return states;
}

// Passes over the rows of a fit, or of a shard of one, each pass in an order of its own.
class Passes {
 public:
  // `shard`: of several with one seed, each has its own orders.
  Passes(const FitRows& rows, std::size_t label_count, const SolverOptions& options, std::uint64_t shard)
      : states(start_rows(rows, label_count, options)),
        seed_(options.seed),
        shard_(shard),
        order_(states.size()),
        settled_(states.size(), 0) {
    std::iota(order_.begin(), order_.end(), 0U);
  }

  std::vector<RowState> states;  // a row

  // The rows that are held out are visited no more, and nobody sits out the next pass.
  void leave_out_held_out(const FitRows& rows) {
    std::erase_if(order_, [&](std::uint32_t row) { return rows.held_out(row); });
    std::fill(settled_.begin(), settled_.end(), std::uint8_t{0});
  }

  // `visit(row)` returns how far the row's probabilities moved, and adds its part of the gap to `gap` where it is
  // measured. Rows come in random order, so that each would begin with waiting for memory: `prefetch(row)` is called
  // some rows ahead, when what is known of the row has been asked for.
  template <typename Prefetch, typename Visit>
  PassGap run(const TrainingSet& set, int epoch, const FitProgress& progress, const double& gap, Prefetch&& prefetch,
              Visit&& visit) {
    constexpr std::size_t kAhead = 2;
    constexpr std::size_t kProgressInterval = 4096;
    const double gap_before = gap;
    double costs = 0;  // of the rows visited
    shuffle(order_, CounterRandom(seed_, shard_ << 32 | static_cast<std::uint64_t>(epoch)));
    for (std::size_t i = 0; i < order_.size(); ++i) {
      if (progress && i % kProgressInterval == 0) {
        progress(static_cast<double>(i) / static_cast<double>(order_.size()));
      }
      if (i + 3 * kAhead < order_.size()) __builtin_prefetch(&states[order_[i + 3 * kAhead]], 1);
      if (i + 2 * kAhead < order_.size()) {
        const std::uint32_t later = order_[i + 2 * kAhead];
        __builtin_prefetch(&settled_[later], 1);
        set.prefetch(states[later].document);
      }
      if (i + kAhead < order_.size()) prefetch(order_[i + kAhead]);
      const std::uint32_t row = order_[i];
      if (settled_[row] != 0) {
        settled_[row] = 0;
        continue;
      }
      costs += static_cast<double>(states[row].cost);
      settled_[row] = static_cast<std::uint8_t>(visit(row) < states[row].settled);
    }
    return {gap - gap_before, costs};
  }

 private:
  std::uint64_t seed_;
  std::uint64_t shard_;
  std::vector<std::uint32_t> order_;
  std::vector<std::uint8_t> settled_;
};

// As many passes as the options ask for: `pass(epoch, measure, progress)` makes one and returns its PassGap, which is
// looked at where it was to be measured.
template <typename Pass>
Ascent ascend(const SolverOptions& options, const FitProgress& progress, Pass&& pass) {
  for (int epoch = 0;; ++epoch) {
    const bool measure = epoch + 1 >= options.epochs;
    FitProgress of_pass;
    if (progress && epoch < options.epochs) {
      of_pass = [&](double share) { progress((epoch + share) / options.epochs); };
    }
    const PassGap gap = pass(epoch, measure, of_pass);
    if (!measure) continue;
    // Rows that sat out are nearer than those visited: taken for as far, the gap is not made too small.
    const Ascent ascent = {epoch + 1, gap.costs > 0 ? gap.sum / gap.costs : 0};
    if (ascent.epochs < options.most_epochs && ascent.gap > options.gap) continue;
    if (progress) progress(1);
    return ascent;
  }
}

// The solver for weights of a pattern (shortlist_solver.cpp).
Ascent fit_shortlisted(const TrainingSet& set, const FitRows& rows, Weights& weights, const SolverOptions& options,
                       const FitProgress& progress);

}  // namespace textlambda::train
