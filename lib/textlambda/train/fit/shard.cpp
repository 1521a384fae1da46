#include "textlambda/train/fit/shard.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include <Eigen/Core>

#include "textlambda/train/fit/kernels.h"
#include "textlambda/train/fit/margin.h"

namespace textlambda::train {
namespace {

double softplus(double x) { return x > 0 ? x + std::log1p(std::exp(-x)) : std::log1p(std::exp(x)); }

double entropy_part(double p) { return p > 0 ? p * std::log(p) : 0; }

// KL of (1 − q, q) from the probabilities that log-odds of z are.
double divergence(double q, double z) {
  return std::max(0.0, entropy_part(q) + entropy_part(1 - q) + softplus(z) - q * z);
}

// Two labels: one vector of log-odds.
class BinaryShard : public Shard {
 public:
  BinaryShard(const TrainingSet& set, FitRows rows, Weights& weights, const SolverOptions& options, std::size_t number)
      : set_(set), rows_(std::move(rows)), weights_(weights), passes_(rows_, 2, options, number) {
    targets_.reserve(rows_.size());
    for (const RowState& state : passes_.states) targets_.push_back(state.probability);
  }

  PassGap pass(int epoch, bool measure, const FitProgress& progress) override {
    double gap = 0;
    RowReader reader(set_);
    const auto prefetch = [&](std::uint32_t row) { set_.prefetch_row(passes_.states[row].document); };
    return passes_.run(set_, epoch, progress, gap, prefetch, [&](std::uint32_t number) {
      RowState& state = passes_.states[number];
      const SparseRow row = reader.row(state.document);
      const double a = static_cast<double>(state.cost) * set_.squared_norm(state.document);
      const double z = weights_.log_odds(row) + state.handicap;
      const float old = state.probability;
      if (measure) gap += state.cost * divergence(old, z);
      state.probability = static_cast<float>(sigmoid(solve_margin(a, z + a * old)));
      const float moved = state.probability - old;
      step(row, state.cost * moved);
      return std::abs(moved);
    });
  }

  void leave_out_held_out() override {
    RowReader reader(set_);
    for (std::size_t number = 0; number < rows_.size(); ++number) {
      if (!rows_.held_out(number)) continue;
      const RowState& state = passes_.states[number];
      step(reader.row(state.document), state.cost * (targets_[number] - state.probability));
    }
    passes_.leave_out_held_out(rows_);
  }

 private:
  void step(SparseRow row, float size) {
    float* const matrix = weights_.matrix.data();
    for (std::size_t i = 0; i < row.size; ++i) matrix[row.ids[i]] -= size * row.values[i];
    weights_.bias[0] -= size;
  }

  const TrainingSet& set_;
  FitRows rows_;
  Weights& weights_;
  Passes passes_;
  std::vector<float> targets_;  // a row: of label 1
};

class MultinomialShard : public Shard {
 public:
  MultinomialShard(const TrainingSet& set, FitRows rows, Weights& weights, const SolverOptions& options,
                   std::size_t number)
      : set_(set),
        rows_(std::move(rows)),
        weights_(weights),
        c_(options.c),
        passes_(rows_, weights.label_count, options, number),
        width_(static_cast<Eigen::Index>(weights.stride)),
        probabilities_(Eigen::ArrayXXf::Zero(width_, static_cast<Eigen::Index>(rows_.size()))) {
    for (std::size_t row = 0; row < rows_.size(); ++row) {
      set_target(row, probabilities_.col(static_cast<Eigen::Index>(row)));
    }
  }

  PassGap pass(int epoch, bool measure, const FitProgress& progress) override {
    // Changes of a probability below this share of what lets a row sit out are left for a later visit, a block of
    // labels at a time.
    constexpr float kNegligible = 0.05F;

    const std::size_t stride = weights_.stride;
    const std::size_t lanes = (weights_.label_count + kLanes - 1) / kLanes * kLanes;
    const auto labels = static_cast<Eigen::Index>(weights_.label_count);
    Eigen::Map<Eigen::ArrayXf> bias(weights_.bias.data(), width_);
    const Kernels& kernel = kernels();
    const auto padded = std::max(static_cast<Eigen::Index>(lanes), width_);
    Eigen::ArrayXf logits = Eigen::ArrayXf::Zero(padded);
    Eigen::ArrayXf now = logits;
    Eigen::ArrayXf step = logits;
    std::vector<float> scratch(lanes * 3);
    double gap = 0;
    RowReader reader(set_);

    const auto prefetch = [&](std::uint32_t row) {
      set_.prefetch_row(passes_.states[row].document);
      for (Eigen::Index k = 0; k < width_; k += 16) __builtin_prefetch(&probabilities_(k, row), 1);
    };
    return passes_.run(set_, epoch, progress, gap, prefetch, [&](std::uint32_t number) {
      const RowState& state = passes_.states[number];
      const SparseRow row = reader.row(state.document);
      logits.head(width_) = bias;
      kernel.accumulate(weights_.matrix.data(), stride, row, logits.data());
      logits[state.label] += state.handicap;
      logits.tail(padded - labels) = -1e30F;

      auto old = probabilities_.col(number);
      now.head(labels) = old.head(labels);
      now.tail(padded - labels) = 0;
      if (measure) gap += static_cast<double>(state.cost * kernel.divergence(logits.data(), now.data(), lanes));
      kernel.solve_block(logits.data(), state.cost * set_.squared_norm(state.document), lanes, now.data(),
                         scratch.data());
      now.tail(padded - labels) = 0;

      const float negligible = kNegligible * state.settled;
      float moved = 0;
      for (Eigen::Index k = 0; k < width_; k += 4) {
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
      kernel.update(weights_.matrix.data(), stride, row, step.data());
      bias.head(labels) -= step.head(labels);
      return moved;
    });
  }

  void leave_out_held_out() override {
    Eigen::Map<Eigen::ArrayXf> bias(weights_.bias.data(), width_);
    Eigen::ArrayXf step(width_);
    RowReader reader(set_);
    for (std::size_t number = 0; number < rows_.size(); ++number) {
      if (!rows_.held_out(number)) continue;
      const RowState& state = passes_.states[number];
      step.setZero();
      set_target(number, step);
      step = state.cost * (step - probabilities_.col(static_cast<Eigen::Index>(number)));
      kernels().update(weights_.matrix.data(), weights_.stride, reader.row(state.document), step.data());
      bias -= step;
    }
    passes_.leave_out_held_out(rows_);
  }

 private:
  // Writes the row's labels' shares of its documents' C to an array of zeros.
  void set_target(std::size_t row, Eigen::Ref<Eigen::ArrayXf> shares) const {
    for (const FitRows::LabelPart& part : rows_.parts(row)) shares[part.label] = c_[part.label] * part.documents;
    shares /= shares.sum();
  }

  const TrainingSet& set_;
  FitRows rows_;
  Weights& weights_;
  std::vector<float> c_;
  Passes passes_;
  Eigen::Index width_;
  Eigen::ArrayXXf probabilities_;  // a column a row
};

}  // namespace

std::unique_ptr<Shard> make_shard(const TrainingSet& set, FitRows rows, Weights& weights, const SolverOptions& options,
                                  std::size_t number) {
  if (weights.label_count == 2) {
    return std::make_unique<BinaryShard>(set, std::move(rows), weights, options, number);
  }
  return std::make_unique<MultinomialShard>(set, std::move(rows), weights, options, number);
}

}  // namespace textlambda::train
