#include "textlambda/topics/mixture.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace textlambda::topics {
namespace {

// What a group has of each term against the background: `weights` become W.
void fit_weights(const TermMatrix& words, const Rows& shares, const std::vector<float>& background, float pseudo,
                 Rows& weights, const io::Executor& executor) {
  words.multiply(shares, weights, executor);  // N
  const auto terms = static_cast<std::size_t>(weights.rows());
  const std::size_t ranges = (terms + kRowsPerRange - 1) / kRowsPerRange;
  std::vector<Eigen::RowVectorXd> parts(ranges);
  executor.run(ranges, [&](std::size_t range, unsigned) {
    const std::size_t begin = range * kRowsPerRange;
    const std::size_t length = std::min(kRowsPerRange, terms - begin);
    parts[range] = weights.middleRows(at(begin), at(length)).cast<double>().colwise().sum();
  });
  Eigen::RowVectorXd mass = Eigen::RowVectorXd::Zero(weights.cols());
  for (const Eigen::RowVectorXd& part : parts) mass += part;
  const Eigen::RowVectorXf totals = (mass.array() + static_cast<double>(pseudo)).cast<float>();
  executor.run_ranges(terms, kRowsPerRange, [&](std::size_t begin, std::size_t end) {
    for (std::size_t term = begin; term < end; ++term) {
      auto row = weights.row(at(term)).array();
      const float share = background[term];
      if (!(share > 0)) {
        row = 0;
        continue;
      }
      row = ((row + pseudo * share) / (share * totals.array())).log();
    }
  });
}

// Rows of scores become probabilities; the sum of their logarithms of normalisers.
double softmax_rows(Rows& scores, const Eigen::RowVectorXf& log_prior, float temper,
                    std::span<const std::uint32_t> fixed, const io::Executor& executor) {
  const auto rows = static_cast<std::size_t>(scores.rows());
  const std::size_t ranges = (rows + kRowsPerRange - 1) / kRowsPerRange;
  std::vector<double> parts(ranges, 0);
  executor.run(ranges, [&](std::size_t range, unsigned) {
    for (std::size_t i = range * kRowsPerRange; i < std::min((range + 1) * kRowsPerRange, rows); ++i) {
      auto row = scores.row(at(i));
      row = temper * row + log_prior;
      const float largest = row.maxCoeff();
      row = (row.array() - largest).exp();
      const float sum = row.sum();
      parts[range] += static_cast<double>(largest) + std::log(static_cast<double>(sum));
      row /= sum;
      if (fixed.empty() || fixed[i] == kNoGroup) continue;
      row.setZero();
      row[at(fixed[i])] = 1;
    }
  });
  double sum = 0;
  for (const double part : parts) sum += part;
  return sum;
}

Eigen::RowVectorXf log_prior_of(const Rows& shares, float least_share, const io::Executor& executor) {
  const auto rows = static_cast<std::size_t>(shares.rows());
  const std::size_t ranges = (rows + kRowsPerRange - 1) / kRowsPerRange;
  std::vector<Eigen::RowVectorXf> parts(ranges);
  executor.run(ranges, [&](std::size_t range, unsigned) {
    const std::size_t begin = range * kRowsPerRange;
    parts[range] = shares.middleRows(at(begin), at(std::min(kRowsPerRange, rows - begin))).colwise().sum();
  });
  Eigen::RowVectorXd sum = Eigen::RowVectorXd::Zero(shares.cols());
  for (const Eigen::RowVectorXf& part : parts) sum += part.cast<double>();
  return (sum.array() / static_cast<double>(std::max<std::size_t>(rows, 1)) + static_cast<double>(least_share))
      .log()
      .cast<float>();
}

}  // namespace

Mixture fit_mixture(const TermMatrix& texts, const TermMatrix& words, Rows start, std::span<const std::uint32_t> fixed,
                    const MixtureOptions& options, const io::Executor& executor) {
  std::vector<float> background(words.rows());
  double total = 0;
  for (std::size_t term = 0; term < words.rows(); ++term) {
    const features::SparseRow row = words.row(term);
    double mass = 0;
    for (std::size_t i = 0; i < row.size; ++i) mass += static_cast<double>(row.values[i]);
    background[term] = static_cast<float>(mass);
    total += mass;
  }
  for (float& share : background) share = static_cast<float>(static_cast<double>(share) / std::max(total, 1e-30));
  const auto pseudo = static_cast<float>(static_cast<double>(options.background) * total /
                                         static_cast<double>(std::max<Eigen::Index>(start.cols(), 1)));

  Mixture mixture;
  mixture.shares = std::move(start);
  for (int round = 0; round < options.rounds; ++round) {
    const float progress = options.rounds == 1 ? 1 : static_cast<float>(round) / static_cast<float>(options.rounds - 1);
    const float temper = options.first_temper + (options.last_temper - options.first_temper) * progress;
    mixture.log_prior = log_prior_of(mixture.shares, options.least_share, executor);
    fit_weights(words, mixture.shares, background, pseudo, mixture.weights, executor);
    texts.multiply(mixture.weights, mixture.shares, executor);
    mixture.log_likelihood = softmax_rows(mixture.shares, mixture.log_prior, temper, fixed, executor) /
                             static_cast<double>(std::max<std::size_t>(texts.rows(), 1));
  }
  return mixture;
}

double assign_groups(const TermMatrix& texts, const Mixture& mixture, float temper, Rows& shares,
                     const io::Executor& executor) {
  texts.multiply(mixture.weights, shares, executor);
  return softmax_rows(shares, mixture.log_prior, temper, {}, executor) /
         static_cast<double>(std::max<std::size_t>(texts.rows(), 1));
}

}  // namespace textlambda::topics
