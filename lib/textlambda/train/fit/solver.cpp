#include "textlambda/train/fit/solver.h"

#include <algorithm>
#include <utility>
#include <vector>

#include <Eigen/Core>

#include "textlambda/train/fit/ascent.h"
#include "textlambda/train/fit/kernels.h"
#include "textlambda/train/fit/shard.h"
#include "textlambda/train/fit/weight_pattern.h"

namespace textlambda::train {
namespace {

constexpr std::size_t kWeightsRun = std::size_t{1} << 16;  // weights that a thread takes at a time

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
    out[1] = log_odds(row);
    return;
  }
  std::vector<float> padded(bias);
  kernels().accumulate(matrix.data(), stride, row, padded.data());
  std::copy(padded.begin(), padded.begin() + static_cast<std::ptrdiff_t>(label_count), out);
}

float Weights::log_odds(SparseRow row) const { return dot(matrix.data(), row) + bias[0]; }

Weights copy(const Weights& weights, const io::Executor& executor) {
  Weights result =
      weights.pattern ? Weights(weights.pattern) : Weights(weights.label_count, weights.matrix.size() / weights.stride);
  executor.run_ranges(weights.matrix.size(), kWeightsRun, [&](std::size_t begin, std::size_t end) {
    std::copy_n(&weights.matrix[begin], end - begin, &result.matrix[begin]);
  });
  result.bias = weights.bias;
  return result;
}

ShardedFit::ShardedFit(const TrainingSet& set, const FitRows& rows, Weights prior, const SolverOptions& options,
                       const io::Executor& executor)
    : options_(options), executor_(executor) {
  for (float& c : options_.c) c *= static_cast<float>(options.shards);
  weights_.reserve(options.shards);  // shards point to them
  weights_.push_back(std::move(prior));
  while (weights_.size() < options.shards) weights_.push_back(copy(weights_[0], executor));
  shards_.resize(options.shards);
  executor.run(shards_.size(), [&](std::size_t number, unsigned) {
    shards_[number] = make_shard(set, rows.shard(number, shards_.size()), weights_[number], options_, number);
  });
}

ShardedFit::~ShardedFit() = default;

Ascent ShardedFit::ascend(const FitProgress& progress) {
  const Ascent ascent = train::ascend(options_, progress, [&](int epoch, bool measure, const FitProgress& of_pass) {
    return pass(epoch, measure, of_pass);
  });
  epochs_ = ascent.epochs;
  return ascent;
}

void ShardedFit::leave_out_held_out() {
  executor_.run(shards_.size(), [&](std::size_t number, unsigned) { shards_[number]->leave_out_held_out(); });
  average();
  pass(epochs_, false, {});
}

PassGap ShardedFit::pass(int epoch, bool measure, const FitProgress& progress) {
  std::vector<PassGap> gaps(shards_.size());
  executor_.run(shards_.size(), [&](std::size_t number, unsigned) {
    gaps[number] = shards_[number]->pass(epoch, measure, number == 0 ? progress : FitProgress());
  });
  average();
  PassGap all;
  for (const PassGap& gap : gaps) {
    all.sum += gap.sum;
    all.costs += gap.costs;
  }
  return all;
}

void ShardedFit::average() {
  if (weights_.size() == 1) return;
  const float share = 1.0F / static_cast<float>(weights_.size());
  const auto average_of = [&](auto&& values_of, std::size_t begin, std::size_t end) {
    constexpr std::size_t kInCache = 4096;
    for (std::size_t at = begin; at < end; at += kInCache) {
      const auto size = static_cast<Eigen::Index>(std::min(kInCache, end - at));
      const auto of_shard = [&](std::size_t number) {
        return Eigen::Map<Eigen::ArrayXf>(values_of(weights_[number]) + at, size);
      };
      auto first = of_shard(0);
      for (std::size_t number = 1; number < weights_.size(); ++number) first += of_shard(number);
      first *= share;
      for (std::size_t number = 1; number < weights_.size(); ++number) of_shard(number) = first;
    }
  };
  executor_.run_ranges(weights_[0].matrix.size(), kWeightsRun, [&](std::size_t begin, std::size_t end) {
    average_of([](Weights& own) { return own.matrix.data(); }, begin, end);
  });
  average_of([](Weights& own) { return own.bias.data(); }, 0, weights_[0].bias.size());
}

Fit fit(const TrainingSet& set, const FitRows& rows, Weights weights, const SolverOptions& options,
        const io::Executor& executor, const FitProgress& progress) {
  if (weights.pattern) {
    const Ascent ascent = fit_shortlisted(set, rows, weights, options, progress);
    return {std::move(weights), ascent.epochs, ascent.gap};
  }
  ShardedFit fitted(set, rows, std::move(weights), options, executor);
  const Ascent ascent = fitted.ascend(progress);
  return {fitted.take_weights(), ascent.epochs, ascent.gap};
}

}  // namespace textlambda::train
