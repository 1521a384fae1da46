#include "textlambda/train/fit/solver.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <Eigen/Core>

#include "textlambda/train/counter_random.h"
#include "textlambda/train/fit/margin.h"

namespace textlambda::train {
namespace {

constexpr std::size_t kProgressInterval = 4096;

std::size_t choose_stride(std::size_t label_count) {
  const std::size_t tight = (label_count + 3) / 4 * 4;
  const std::size_t wide = (label_count + 15) / 16 * 16;
  return wide * 8 <= tight * 9 ? wide : tight;
}

// The part both solvers share: epochs, order, who sits out, progress. `visit(index, document)` returns how far the
// document's probabilities moved. Documents come in random order, so that each would begin with waiting for memory:
// `prefetch(index, document)` is called some documents ahead, when set.prefetch(document) has been.
template <typename Prefetch, typename Visit>
void ascend(const TrainingSet& set, const std::vector<std::uint32_t>& documents, const SolverOptions& options,
            const FitProgress& progress, Prefetch&& prefetch, Visit&& visit) {
  constexpr std::size_t kAhead = 2;
  std::vector<std::uint32_t> order(documents.size());
  std::iota(order.begin(), order.end(), 0U);
  std::vector<std::uint8_t> settled(documents.size(), 0);
  for (int epoch = 0; epoch < options.epochs; ++epoch) {
    shuffle(order, CounterRandom(options.seed, static_cast<std::uint64_t>(epoch)));
    for (std::size_t i = 0; i < order.size(); ++i) {
      if (progress && i % kProgressInterval == 0) {
        progress((epoch + static_cast<double>(i) / static_cast<double>(order.size())) / options.epochs);
      }
      if (i + 2 * kAhead < order.size()) {
        const std::uint32_t later = order[i + 2 * kAhead];
        __builtin_prefetch(&settled[later], 1);
        set.prefetch(documents[later]);
      }
      if (i + kAhead < order.size()) prefetch(order[i + kAhead], documents[order[i + kAhead]]);
      const std::uint32_t index = order[i];
      if (settled[index] != 0) {
        settled[index] = 0;
        continue;
      }
      settled[index] = static_cast<std::uint8_t>(visit(index, documents[index]) < options.settled);
    }
  }
  if (progress) progress(1);
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

void fit_binary(const TrainingSet& set, const std::vector<std::uint32_t>& documents, Weights& weights,
                const std::vector<float>& handicaps, const SolverOptions& options, const FitProgress& progress) {
  float* matrix = weights.matrix.data();
  float& bias = weights.bias[0];
  std::vector<float> probabilities(documents.size());  // of label 1
  for (std::size_t i = 0; i < documents.size(); ++i) probabilities[i] = static_cast<float>(set.label(documents[i]));

  const auto prefetch = [&](std::uint32_t index, std::uint32_t document) {
    set.prefetch_row(document);
    __builtin_prefetch(&probabilities[index], 1);
    __builtin_prefetch(&handicaps[document]);
  };
  ascend(set, documents, options, progress, prefetch, [&](std::uint32_t index, std::uint32_t document) {
    const SparseRow row = set.row(document);
    const float c = options.c[set.label(document)];
    const double a = static_cast<double>(c) * set.squared_norm(document);
    const float handicap = handicaps[document];
    const double z = dot(matrix, row) + bias + (set.label(document) == 1 ? handicap : -handicap);
    const float old = probabilities[index];
    const auto now = static_cast<float>(sigmoid(solve_margin(a, z + a * old)));
    probabilities[index] = now;
    const float moved = now - old;
    const float step = c * moved;
    for (std::size_t i = 0; i < row.size; ++i) matrix[row.ids[i]] -= step * row.values[i];
    bias -= step;
    return std::abs(moved);
  });
}

void fit_multinomial(const TrainingSet& set, const std::vector<std::uint32_t>& documents, Weights& weights,
                     const std::vector<float>& handicaps, const SolverOptions& options, const FitProgress& progress) {
  // Changes of a probability below this are left for a later visit, a block of labels at a time.
  constexpr float kNegligible = 1e-4F;

  const std::size_t stride = weights.stride;
  const std::size_t lanes = (weights.label_count + kLanes - 1) / kLanes * kLanes;
  const auto labels = static_cast<Eigen::Index>(weights.label_count);
  const auto rows = static_cast<Eigen::Index>(stride);
  // A column a document.
  Eigen::ArrayXXf probabilities = Eigen::ArrayXXf::Zero(rows, static_cast<Eigen::Index>(documents.size()));
  for (std::size_t i = 0; i < documents.size(); ++i) {
    probabilities(set.label(documents[i]), static_cast<Eigen::Index>(i)) = 1;
  }
  Eigen::Map<Eigen::ArrayXf> bias(weights.bias.data(), rows);

  const Kernels& kernel = kernels();
  const auto padded = std::max(static_cast<Eigen::Index>(lanes), rows);
  Eigen::ArrayXf logits = Eigen::ArrayXf::Zero(padded);
  Eigen::ArrayXf now = logits;
  Eigen::ArrayXf step = logits;
  std::vector<float> scratch(lanes * 3);

  const auto prefetch = [&](std::uint32_t index, std::uint32_t document) {
    set.prefetch_row(document);
    for (Eigen::Index k = 0; k < rows; k += 16) __builtin_prefetch(&probabilities(k, index), 1);
    __builtin_prefetch(&handicaps[document]);
  };
  ascend(set, documents, options, progress, prefetch, [&](std::uint32_t index, std::uint32_t document) {
    const SparseRow row = set.row(document);
    const float c = options.c[set.label(document)];
    logits.head(rows) = bias;
    kernel.accumulate(weights.matrix.data(), stride, row, logits.data());
    logits[set.label(document)] += handicaps[document];
    logits.tail(padded - labels) = -1e30F;

    auto old = probabilities.col(index);
    now.head(labels) = old.head(labels);
    now.tail(padded - labels) = 0;
    kernel.solve_block(logits.data(), c * set.squared_norm(document), lanes, now.data(), scratch.data());
    now.tail(padded - labels) = 0;

    float moved = 0;
    for (Eigen::Index k = 0; k < rows; k += 4) {
      const Eigen::Array4f change = now.segment<4>(k) - old.segment<4>(k);
      const float block = change.abs().maxCoeff();
      if (block < kNegligible) {
        step.segment<4>(k) = 0;
        continue;
      }
      step.segment<4>(k) = c * change;
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

void Weights::logits(SparseRow row, float* out) const {
  if (stride == 1) {
    out[0] = 0;
    out[1] = dot(matrix.data(), row) + bias[0];
    return;
  }
  std::vector<float> padded(bias);
  kernels().accumulate(matrix.data(), stride, row, padded.data());
  std::copy(padded.begin(), padded.begin() + static_cast<std::ptrdiff_t>(label_count), out);
}

Weights fit(const TrainingSet& set, const std::vector<std::uint32_t>& documents, Weights weights,
            const std::vector<float>& handicaps, const SolverOptions& options, const FitProgress& progress) {
  const auto fit_labels = weights.label_count == 2 ? fit_binary : fit_multinomial;
  fit_labels(set, documents, weights, handicaps, options, progress);
  return weights;
}

}  // namespace textlambda::train
