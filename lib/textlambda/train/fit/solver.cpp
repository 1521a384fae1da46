#include "textlambda/train/fit/solver.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <Eigen/Core>

#include "textlambda/train/fit/ascent.h"
#include "textlambda/train/fit/margin.h"
#include "textlambda/train/fit/weight_pattern.h"

namespace textlambda::train {
namespace {

std::size_t choose_stride(std::size_t label_count) {
  const std::size_t tight = (label_count + 3) / 4 * 4;
  const std::size_t wide = (label_count + 15) / 16 * 16;
  return wide * 8 <= tight * 9 ? wide : tight;
}

float dot(const float* weights, SparseRow row) {
  // Four sums, so that an addition need not wait for the one before; always the same four.
  float sums[4] = {0, 0, 0, 0};
  std::size_t i = 0;
  for (; i + 4 <= row.size; i += 4) {
    for (std::size_t lane = 0; lane < 4; ++lane) sums[lane] += weights[row.ids[i + lane]] * row.values[i + lane];
  }
  for (; i < row.size; ++i) sums[0] += weights[row.ids[i]] * row.values[i];
  return (sums[0] + sums[2]) + (sums[1] + sums[3]);
}

double softplus(double x) { return x > 0 ? x + std::log1p(std::exp(-x)) : std::log1p(std::exp(x)); }

double entropy_part(double p) { return p > 0 ? p * std::log(p) : 0; }

// KL of (1 − q, q) from the probabilities that log-odds of z are.
double divergence(double q, double z) {
  return std::max(0.0, entropy_part(q) + entropy_part(1 - q) + softplus(z) - q * z);
}

Ascent fit_binary(const TrainingSet& set, const FitRows& rows, Weights& weights, const SolverOptions& options,
                  const FitProgress& progress) {
  float* matrix = weights.matrix.data();
  float& bias = weights.bias[0];
  std::vector<RowState> states = start_rows(rows, weights.label_count, options);
  double gap = 0;
  RowReader reader(set);

  const auto prefetch = [&](std::uint32_t row) { set.prefetch_row(states[row].document); };
  return ascend(set, states, options, progress, gap, prefetch, [&](std::uint32_t number, bool measure) {
    RowState& state = states[number];
    const SparseRow row = reader.row(state.document);
    const double a = static_cast<double>(state.cost) * set.squared_norm(state.document);
    const double z = dot(matrix, row) + bias + state.handicap;
    const float old = state.probability;
    if (measure) gap += state.cost * divergence(old, z);
    const auto now = static_cast<float>(sigmoid(solve_margin(a, z + a * old)));
    state.probability = now;
    const float moved = now - old;
    const float step = state.cost * moved;
    for (std::size_t i = 0; i < row.size; ++i) matrix[row.ids[i]] -= step * row.values[i];
    bias -= step;
    return std::abs(moved);
  });
}

Ascent fit_multinomial(const TrainingSet& set, const FitRows& rows, Weights& weights, const SolverOptions& options,
                       const FitProgress& progress) {
  // Changes of a probability below this share of what lets a row sit out are left for a later visit, a block of labels
  // at a time.
  constexpr float kNegligible = 0.05F;

  const std::size_t stride = weights.stride;
  const std::size_t lanes = (weights.label_count + kLanes - 1) / kLanes * kLanes;
  const auto labels = static_cast<Eigen::Index>(weights.label_count);
  const auto width = static_cast<Eigen::Index>(stride);
  const std::vector<RowState> states = start_rows(rows, weights.label_count, options);
  // A column a row.
  Eigen::ArrayXXf probabilities = Eigen::ArrayXXf::Zero(width, static_cast<Eigen::Index>(rows.size()));
  for (std::size_t row = 0; row < rows.size(); ++row) {
    auto column = probabilities.col(static_cast<Eigen::Index>(row));
    for (const FitRows::LabelPart& part : rows.parts(row)) {
      column[part.label] = options.c[part.label] * part.documents;
    }
    column /= column.sum();
  }
  Eigen::Map<Eigen::ArrayXf> bias(weights.bias.data(), width);

  const Kernels& kernel = kernels();
  const auto padded = std::max(static_cast<Eigen::Index>(lanes), width);
  Eigen::ArrayXf logits = Eigen::ArrayXf::Zero(padded);
  Eigen::ArrayXf now = logits;
  Eigen::ArrayXf step = logits;
  std::vector<float> scratch(lanes * 3);
  double gap = 0;
  RowReader reader(set);

  const auto prefetch = [&](std::uint32_t row) {
    set.prefetch_row(states[row].document);
    for (Eigen::Index k = 0; k < width; k += 16) __builtin_prefetch(&probabilities(k, row), 1);
  };
  return ascend(set, states, options, progress, gap, prefetch, [&](std::uint32_t number, bool measure) {
    const RowState& state = states[number];
    const SparseRow row = reader.row(state.document);
    logits.head(width) = bias;
    kernel.accumulate(weights.matrix.data(), stride, row, logits.data());
    logits[state.label] += state.handicap;
    logits.tail(padded - labels) = -1e30F;

    auto old = probabilities.col(number);
    now.head(labels) = old.head(labels);
    now.tail(padded - labels) = 0;
    if (measure) gap += static_cast<double>(state.cost * kernel.divergence(logits.data(), now.data(), lanes));
    kernel.solve_block(logits.data(), state.cost * set.squared_norm(state.document), lanes, now.data(), scratch.data());
    now.tail(padded - labels) = 0;

    const float negligible = kNegligible * state.settled;
    float moved = 0;
    for (Eigen::Index k = 0; k < width; k += 4) {
      const Eigen::Array4f change = now.segment<4>(k) - old.segment<4>(k);
      const float block = change.abs().maxCoeff();
      if (block < negligible) {
        step.segment<4>(k) = 0;
        continue;
      }
      step.segment<4>(k) = state.cost * change;
      moved = std::max(moved, block);
      old.segment<4>(k) = now.segment<4>(k);
    }
    kernel.update(weights.matrix.data(), stride, row, step.data());
    bias.head(labels) -= step.head(labels);
    return moved;
  });
}

}  // namespace

Weights::Weights(std::size_t labels, std::size_t feature_count)
    : label_count(labels),
      stride(labels == 2 ? 1 : choose_stride(labels)),
      matrix(feature_count * stride),
      bias(stride, 0) {}

Weights::Weights(std::shared_ptr<const WeightPattern> places)
    : label_count(places->label_count()),
      pattern(std::move(places)),
      matrix(pattern->size() + 1),
      bias(label_count, 0) {}

void Weights::logits(SparseRow row, float* out) const {
  if (pattern) {
    std::copy(bias.begin(), bias.end(), out);
    for (std::size_t i = 0; i < row.size; ++i) {
      const float value = row.values[i];
      pattern->for_each(row.ids[i], [&](std::uint32_t label, std::size_t at) { out[label] += value * matrix[at]; });
    }
    return;
  }
  if (stride == 1) {
    out[0] = 0;
    out[1] = dot(matrix.data(), row) + bias[0];
    return;
  }
  std::vector<float> padded(bias);
  kernels().accumulate(matrix.data(), stride, row, padded.data());
  std::copy(padded.begin(), padded.begin() + static_cast<std::ptrdiff_t>(label_count), out);
}

Fit fit(const TrainingSet& set, const FitRows& rows, Weights weights, const SolverOptions& options,
        const FitProgress& progress) {
  const auto fit_labels = weights.pattern ? fit_shortlisted : weights.label_count == 2 ? fit_binary : fit_multinomial;
  const Ascent ascent = fit_labels(set, rows, weights, options, progress);
  return {std::move(weights), ascent.epochs, ascent.gap};
}

}  // namespace textlambda::train
