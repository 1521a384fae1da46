#include <algorithm>
#include <cmath>
#include <vector>

#include "textlambda/train/fit/ascent.h"
#include "textlambda/train/fit/kernels.h"
#include "textlambda/train/fit/shortlists.h"
#include "textlambda/train/fit/weight_pattern.h"

namespace textlambda::train {
namespace {

// A row's probabilities to start from: its labels' shares of its documents' C.
void set_shares(std::span<const FitRows::LabelPart> parts, const std::vector<float>& c, Shortlist list, float* shares) {
  float total = 0;
  for (const FitRows::LabelPart& part : parts) {
    const std::uint32_t* const end = list.labels + list.size;
    const std::uint32_t* const found = std::lower_bound(list.labels, end, part.label);
    if (found == end || *found != part.label) continue;
    shares[found - list.labels] = c[part.label] * part.documents;
    total += c[part.label] * part.documents;
  }
  for (std::size_t t = 0; t < list.size; ++t) shares[t] /= total;
}

}  // namespace

Ascent fit_shortlisted(const TrainingSet& set, const FitRows& rows, Weights& weights, const SolverOptions& options,
                       const FitProgress& progress) {
  // Changes of a probability below this share of what lets a row sit out are left for a later visit.
  constexpr float kNegligible = 0.05F;
  constexpr float kPadding = -1e30F;
  constexpr std::size_t kCacheLine = 16;  // floats

  const Shortlists lists(set, rows, weights);
  Passes passes(rows, weights.label_count, options, 0);
  const std::vector<RowState>& states = passes.states;
  std::vector<float> probabilities(lists.total(), 0);
  for (std::size_t row = 0; row < rows.size(); ++row) {
    set_shares(rows.parts(row), options.c, lists[row], &probabilities[lists.begin(row)]);
  }

  const Kernels& kernel = kernels();
  const PatternView pattern = weights.pattern->view();
  float* const matrix = weights.matrix.data();
  constexpr std::size_t kMostLanes = (Shortlist::kMostListed + kLanes - 1) / kLanes * kLanes;
  std::vector<float> logits(kMostLanes);
  std::vector<float> now(kMostLanes);
  std::vector<float> scratch(3 * kMostLanes);
  std::vector<float> by_label(weights.label_count, 0);
  std::vector<float> step(weights.label_count, 0);  // 0 between rows
  double gap = 0;

  const auto prefetch = [&](std::uint32_t row) {
    set.prefetch_row(states[row].document);
    for (std::size_t t = 0; t < lists.size(row); t += kCacheLine) {
      __builtin_prefetch(&probabilities[lists.begin(row) + t], 1);
      __builtin_prefetch(lists[row].labels + t);
    }
  };
  RowReader reader(set);
  bool measure = false;
  const auto visit = [&](std::uint32_t number) {
    const RowState& state = states[number];
    const SparseRow row = reader.row(state.document);
    const Shortlist list = lists[number];
    const std::size_t lanes = (list.size + kLanes - 1) / kLanes * kLanes;
    float* const old = &probabilities[lists.begin(number)];
    for (std::size_t t = 0; t < lanes; ++t) {
      logits[t] = t < list.size ? weights.bias[list.labels[t]] : kPadding;
      now[t] = t < list.size ? old[t] : 0;
    }
    kernel.accumulate_listed(matrix, pattern, row, list, logits.data(), by_label.data());
    if (state.handicap != 0) {
      logits[static_cast<std::size_t>(std::lower_bound(list.labels, list.labels + list.size, state.label) -
                                      list.labels)] += state.handicap;
    }
    if (measure) gap += static_cast<double>(state.cost * kernel.divergence(logits.data(), now.data(), lanes));
    kernel.solve_block(logits.data(), state.cost * set.squared_norm(state.document), lanes, now.data(), scratch.data());

    const float negligible = kNegligible * state.settled;
    float moved = 0;
    for (std::size_t t = 0; t < list.size; ++t) {
      const float change = now[t] - old[t];
      if (std::abs(change) < negligible) continue;
      moved = std::max(moved, std::abs(change));
      old[t] = now[t];
      step[list.labels[t]] = state.cost * change;
      weights.bias[list.labels[t]] -= state.cost * change;
    }
    kernel.update_listed(matrix, pattern, row, list, step.data());
    for (std::size_t t = 0; t < list.size; ++t) step[list.labels[t]] = 0;
    return moved;
  };
  return ascend(options, progress, [&](int epoch, bool measures, const FitProgress& of_pass) {
    measure = measures;
    return passes.run(set, epoch, of_pass, gap, prefetch, visit);
  });
}

}  // namespace textlambda::train
