// What the solvers of fit() have in common: rows' states, epochs, order, who sits out, progress.
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

struct Ascent {
  int epochs = 0;
  double gap = 0;
};

// `visit(row, measure)` returns how far the row's
// probabilities moved, and adds its part of the gap to `gap` where it is to be measured. Rows come in random order, so
// that each would begin with waiting for memory: `prefetch(row)` is called some rows ahead, when what is known of the
// row has been asked for.
template <typename Prefetch, typename Visit>
Ascent ascend(const TrainingSet& set, const std::vector<RowState>& states, const SolverOptions& options,
              const FitProgress& progress, const double& gap, Prefetch&& prefetch, Visit&& visit) {
  constexpr std::size_t kAhead = 2;
  constexpr std::size_t kProgressInterval = 4096;
  std::vector<std::uint32_t> order(states.size());
  std::iota(order.begin(), order.end(), 0U);
  std::vector<std::uint8_t> settled(states.size(), 0);
  Ascent ascent;
  for (int epoch = 0;; ++epoch) {
    const bool measure = epoch + 1 >= options.epochs;
    const double gap_before = gap;
    double costs = 0;  // of the rows visited
    shuffle(order, CounterRandom(options.seed, static_cast<std::uint64_t>(epoch)));
    for (std::size_t i = 0; i < order.size(); ++i) {
      if (progress && i % kProgressInterval == 0 && epoch < options.epochs) {
        progress((epoch + static_cast<double>(i) / static_cast<double>(order.size())) / options.epochs);
      }
      if (i + 3 * kAhead < order.size()) __builtin_prefetch(&states[order[i + 3 * kAhead]], 1);
      if (i + 2 * kAhead < order.size()) {
        const std::uint32_t later = order[i + 2 * kAhead];
        __builtin_prefetch(&settled[later], 1);
        set.prefetch(states[later].document);
      }
      if (i + kAhead < order.size()) prefetch(order[i + kAhead]);
      const std::uint32_t row = order[i];
      if (settled[row] != 0) {
        settled[row] = 0;
        continue;
      }
      costs += static_cast<double>(states[row].cost);
      settled[row] = static_cast<std::uint8_t>(visit(row, measure) < states[row].settled);
    }
    if (!measure) continue;
    // Rows that sat out are nearer than those visited: taken for as far, the gap is not made too small.
    ascent = {epoch + 1, costs > 0 ? (gap - gap_before) / costs : 0};
    if (ascent.epochs >= options.most_epochs || ascent.gap <= options.gap) break;
  }
  if (progress) progress(1);
  return ascent;
}

// The solver for weights of a pattern (shortlist_solver.cpp).
Ascent fit_shortlisted(const TrainingSet& set, const FitRows& rows, Weights& weights, const SolverOptions& options,
                       const FitProgress& progress);

}  // namespace textlambda::train
