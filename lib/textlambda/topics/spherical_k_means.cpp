#include "textlambda/topics/spherical_k_means.h"

#include <algorithm>
#include <utility>

#include "textlambda/train/counter_random.h"

namespace textlambda::topics {
namespace {

constexpr int kMostIterations = 20;  // EM goes on from there: 60 led to the same groups
constexpr std::size_t kTrials = 3;
constexpr double kLeastGain = 1e-5;  // of the objective: less is rest
constexpr std::uint64_t kSeedingStream = 0x4B00;

std::size_t range_count(std::size_t rows) { return (rows + kRowsPerRange - 1) / kRowsPerRange; }

// Sums of what ranges of rows come to, in their order.
template <typename Term>
double sum_rows(std::size_t rows, const io::Executor& executor, Term&& term) {
  std::vector<double> parts(range_count(rows), 0);
  executor.run(parts.size(), [&](std::size_t range, unsigned) {
    double sum = 0;
    for (std::size_t i = range * kRowsPerRange; i < std::min((range + 1) * kRowsPerRange, rows); ++i) sum += term(i);
    parts[range] = sum;
  });
  double sum = 0;
  for (const double part : parts) sum += part;
  return sum;
}

class Clustering {
 public:
  Clustering(const Rows& rows, std::size_t k, std::span<const std::uint32_t> fixed, const io::Executor& executor)
      : rows_(rows), count_(static_cast<std::size_t>(rows.rows())), k_(k), fixed_(fixed), executor_(executor) {
    usable_.resize(count_);
    for (std::size_t i = 0; i < count_; ++i) usable_[i] = rows.row(at(i)).squaredNorm() > 0.5F ? 1 : 0;
    result_.groups.assign(count_, kNoGroup);
  }

  KMeans run(std::uint64_t seed, std::uint64_t restart) {
    if (rows_.cols() == 0) return std::move(result_);  // all are zeros
    choose_centres(train::CounterRandom(seed, kSeedingStream + restart));
    double before = -2;
    for (result_.iterations = 0; result_.iterations < kMostIterations; ++result_.iterations) {
      result_.objective = assign();
      if (result_.objective - before < kLeastGain) break;
      before = result_.objective;
      move_centres();
    }
    return std::move(result_);
  }

 private:
  bool is_fixed(std::size_t row) const { return !fixed_.empty() && fixed_[row] != kNoGroup; }

  // The direction of the sum of the rows that are fixed to a group; false where there is none.
  bool centre_of_fixed(std::uint32_t group) {
    centres_.row(at(group)).setZero();
    for (std::size_t i = 0; i < fixed_.size(); ++i) {
      if (fixed_[i] == group) centres_.row(at(group)) += rows_.row(at(i));
    }
    const float length = centres_.row(at(group)).norm();
    if (length > 0) centres_.row(at(group)) /= length;
    return length > 0;
  }

  // distances[i] becomes the smaller of itself and that to the direction.
  void come_nearer(const Eigen::RowVectorXf& direction, std::vector<float>& distances) const {
    executor_.run_ranges(count_, kRowsPerRange, [&](std::size_t begin, std::size_t end) {
      const Eigen::VectorXf cosines = rows_.middleRows(at(begin), at(end - begin)) * direction.transpose();
      for (std::size_t i = begin; i < end; ++i) {
        distances[i] = std::min(distances[i], std::max(0.0F, 1 - cosines[at(i - begin)]));
      }
    });
  }

  // A row by its distance: where the running sum passes a share of all.
  std::size_t draw(const std::vector<float>& distances, double total, double share) const {
    double left = total * share;
    std::size_t last = 0;
    for (std::size_t i = 0; i < count_; ++i) {
      if (usable_[i] == 0 || distances[i] <= 0) continue;
      last = i;
      left -= static_cast<double>(distances[i]);
      if (left <= 0) break;
    }
    return last;
  }

  void choose_centres(const train::CounterRandom& random) {
    centres_.setZero(at(k_), rows_.cols());
    // Cosine distances; at first all are as far.
    std::vector<float> distances(count_, 1);
    std::vector<std::uint32_t> open;
    for (std::uint32_t group = 0; group < k_; ++group) {
      if (centre_of_fixed(group)) {
        come_nearer(centres_.row(at(group)), distances);
      } else {
        open.push_back(group);
      }
    }
    std::uint64_t counter = 0;
    for (const std::uint32_t group : open) {
      const auto total = sum_rows(
          count_, executor_, [&](std::size_t i) { return usable_[i] == 0 ? 0.0 : static_cast<double>(distances[i]); });
      if (!(total > 0)) break;  // every row is a centre
      std::vector<float> best;
      double least = 0;
      for (std::size_t trial = 0; trial < kTrials; ++trial) {
        const double share = static_cast<double>(random(counter++) >> 11) * 0x1p-53;
        const std::size_t row = draw(distances, total, share);
        std::vector<float> nearer = distances;
        come_nearer(rows_.row(at(row)), nearer);
        const auto rest = sum_rows(
            count_, executor_, [&](std::size_t i) { return usable_[i] == 0 ? 0.0 : static_cast<double>(nearer[i]); });
        if (!best.empty() && rest >= least) continue;
        least = rest;
        best = std::move(nearer);
        centres_.row(at(group)) = rows_.row(at(row));
      }
      distances = std::move(best);
    }
  }

  // Puts rows to their nearest centres; the mean cosine.
  double assign() {
    const Rows directions = centres_.transpose();
    const RightFactor factor(directions);
    std::vector<double> parts(range_count(count_), 0);
    executor_.run(parts.size(), [&](std::size_t range, unsigned) {
      const std::size_t begin = range * kRowsPerRange;
      const std::size_t end = std::min(begin + kRowsPerRange, count_);
      Rows cosines(at(end - begin), at(factor.stride()));
      factor.multiply(rows_.row(at(begin)).data(), end - begin, cosines.data());
      for (std::size_t i = begin; i < end; ++i) {
        if (usable_[i] == 0) continue;
        Eigen::Index group = 0;
        if (is_fixed(i)) {
          group = at(fixed_[i]);
        } else {
          cosines.row(at(i - begin)).head(at(k_)).maxCoeff(&group);
        }
        result_.groups[i] = static_cast<std::uint32_t>(group);
        parts[range] += static_cast<double>(cosines(at(i - begin), group));
      }
    });
    double sum = 0;
    for (const double part : parts) sum += part;
    return sum / static_cast<double>(std::max<std::size_t>(count_, 1));
  }

  // A group at a time, its rows in their order.
  void move_centres() {
    std::vector<std::vector<std::uint32_t>> members(k_);
    for (std::size_t i = 0; i < count_; ++i) {
      if (result_.groups[i] != kNoGroup) members[result_.groups[i]].push_back(static_cast<std::uint32_t>(i));
    }
    executor_.run(k_, [&](std::size_t group, unsigned) {
      if (members[group].empty()) return;  // stays where it was
      Eigen::RowVectorXf sum = Eigen::RowVectorXf::Zero(rows_.cols());
      for (const std::uint32_t i : members[group]) sum += rows_.row(at(i));
      const float length = sum.norm();
      if (length > 0) centres_.row(at(group)) = sum / length;
    });
  }

  const Rows& rows_;
  std::size_t count_;
  std::size_t k_;
  std::span<const std::uint32_t> fixed_;
  const io::Executor& executor_;
  std::vector<std::uint8_t> usable_;
  Rows centres_;
  KMeans result_;
};

}  // namespace

KMeans cluster(const Rows& rows, std::size_t k, std::span<const std::uint32_t> fixed, std::uint64_t seed,
               std::uint64_t restart, const io::Executor& executor) {
  return Clustering(rows, k, fixed, executor).run(seed, restart);
}

}  // namespace textlambda::topics
