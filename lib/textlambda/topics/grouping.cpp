#include "textlambda/topics/grouping.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "textlambda/topics/agreement.h"
#include "textlambda/topics/svd.h"
#include "textlambda/train/counter_random.h"

namespace textlambda::topics {
namespace {

constexpr std::size_t kManyGroups = 50;
constexpr std::size_t kRank = 100;
constexpr std::size_t kRankOfManyGroups = 200;
constexpr float kFirstTemper = 0.5F;
constexpr float kFirstTemperOfManyGroups = 1;
// Pseudo-counts of the background where one step is to say what a clustering does: more, since its centres are means.
constexpr float kBackgroundOfClustering = 8;
constexpr std::uint64_t kSampleStream = 0x5A;
// Of more texts than these many numbers have room for, EM goes over a part.
constexpr std::size_t kMostShares = std::size_t{1} << 27;
// Rounds over all texts, where a part of them was clustered.
constexpr int kRoundsOverAll = 4;

// So many of `count` numbers, by chance, rising, and those that are in `always`, unless they would be most of them.
std::vector<std::uint32_t> sample_of(std::size_t count, std::size_t wanted, std::span<const std::uint32_t> always,
                                     std::uint64_t seed) {
  std::vector<std::uint32_t> numbers(count);
  std::iota(numbers.begin(), numbers.end(), 0U);
  if (wanted >= count) return numbers;
  train::shuffle(numbers, train::CounterRandom(seed, kSampleStream));
  numbers.resize(wanted);
  if (always.size() <= wanted / 2) numbers.insert(numbers.end(), always.begin(), always.end());
  std::sort(numbers.begin(), numbers.end());
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
  return numbers;
}

std::vector<std::uint32_t> chosen_groups(std::span<const std::uint32_t> fixed, std::span<const std::uint32_t> rows) {
  std::vector<std::uint32_t> groups;
  if (fixed.empty()) return groups;
  groups.reserve(rows.size());
  for (const std::uint32_t row : rows) groups.push_back(fixed[row]);
  return groups;
}

// Probabilities that are sure of the groups; rows in none are undecided.
Rows shares_of(const std::vector<std::uint32_t>& groups, std::size_t k) {
  Rows shares = Rows::Zero(at(groups.size()), at(k));
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (groups[i] == kNoGroup) {
      shares.row(at(i)).setConstant(1 / static_cast<float>(k));
    } else {
      shares(at(i), at(groups[i])) = 1;
    }
  }
  return shares;
}

// Groups that no text is most probably in go; the others are renumbered.
void drop_empty(Grouping& grouping, const io::Executor& executor) {
  Mixture& mixture = grouping.mixture;
  std::vector<std::uint8_t> met(static_cast<std::size_t>(mixture.shares.cols()), 0);
  for (const std::uint32_t group : most_probable_groups(mixture.shares, executor)) met[group] = 1;
  std::vector<Eigen::Index> columns;
  for (std::size_t group = 0; group < met.size(); ++group) {
    if (met[group] == 0) continue;
    columns.push_back(at(group));
    grouping.kept.push_back(static_cast<std::uint32_t>(group));
  }
  if (columns.size() == met.size()) return;
  mixture.weights = Rows(mixture.weights(Eigen::all, columns));
  mixture.log_prior = Eigen::RowVectorXf(mixture.log_prior(columns));
  mixture.shares = Rows(mixture.shares(Eigen::all, columns));
}

}  // namespace

std::vector<std::uint32_t> most_probable_groups(const Rows& shares, const io::Executor& executor) {
  std::vector<std::uint32_t> groups(static_cast<std::size_t>(shares.rows()));
  executor.run_ranges(groups.size(), kRowsPerRange, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      Eigen::Index group = 0;
      shares.row(at(i)).maxCoeff(&group);
      groups[i] = static_cast<std::uint32_t>(group);
    }
  });
  return groups;
}

Clusterable make_clusterable(const WeightedTexts& texts, std::span<const std::uint32_t> always,
                             const TopicOptions& options, const io::Executor& executor) {
  Clusterable clusterable;
  clusterable.always.assign(always.begin(), always.end());
  clusterable.sample = sample_of(texts.matrix.rows(), options.most_clustered, always, options.seed);
  clusterable.is_sample = clusterable.sample.size() < texts.matrix.rows();
  const TermMatrix part = clusterable.is_sample ? texts.matrix.chosen(clusterable.sample) : TermMatrix();
  const TermMatrix& matrix = clusterable.is_sample ? part : texts.matrix;
  const std::size_t rank = options.k > kManyGroups ? kRankOfManyGroups : kRank;
  clusterable.latent = find_latent_space(matrix, matrix.transposed(), rank, options.seed, executor).texts;
  normalise_rows(clusterable.latent, executor);
  return clusterable;
}

bool needs_other_space(std::size_t made_for, std::size_t k) { return (made_for > kManyGroups) != (k > kManyGroups); }

Grouping group_texts(const WeightedTexts& texts, const Clusterable& clusterable, std::span<const std::uint32_t> fixed,
                     const TopicOptions& options, const io::Executor& executor,
                     const std::function<void(double share)>& step) {
  const TermMatrix part = clusterable.is_sample ? texts.matrix.chosen(clusterable.sample) : TermMatrix();
  const TermMatrix& matrix = clusterable.is_sample ? part : texts.matrix;
  const std::vector<std::uint32_t> fixed_here = chosen_groups(fixed, clusterable.sample);
  MixtureOptions mixing;
  mixing.first_temper = options.k > kManyGroups ? kFirstTemperOfManyGroups : kFirstTemper;
  mixing.last_temper = kLastTemper;
  const TermMatrix words = matrix.transposed();
  Grouping result;
  KMeans nearest;  // of the clusterings, the one whose rows are nearest to their centres
  std::vector<std::vector<std::uint32_t>> clusterings;
  std::vector<std::vector<std::uint32_t>> mixtures;
  // EM from each, since the clustering with the nearest centres is not the one that explains the words best.
  for (unsigned restart = 0; restart < options.restarts; ++restart) {
    KMeans clustering = cluster(clusterable.latent, options.k, fixed_here, options.seed, restart, executor);
    step((restart + 0.5) / options.restarts);
    Mixture mixture = fit_mixture(matrix, words, shares_of(clustering.groups, options.k), fixed_here, mixing, executor);
    step((restart + 1.0) / options.restarts);
    clusterings.push_back(clustering.groups);
    mixtures.push_back(most_probable_groups(mixture.shares, executor));
    if (restart == 0 || mixture.log_likelihood > result.mixture.log_likelihood) result.mixture = std::move(mixture);
    if (restart == 0 || clustering.objective > nearest.objective) nearest = std::move(clustering);
  }
  result.agreement = {mean_agreement(clusterings), mean_agreement(mixtures)};
  result.is_by_em = !options.keeps_steadier || result.agreement.mixtures >= result.agreement.clusterings;
  if (!result.is_by_em) {
    mixing.rounds = 1;
    mixing.background = kBackgroundOfClustering;
    result.mixture = fit_mixture(matrix, words, shares_of(nearest.groups, options.k), fixed_here, mixing, executor);
  }
  result.texts = clusterable.sample;
  if (clusterable.is_sample) {
    result.texts = sample_of(texts.matrix.rows(), std::max(kMostShares / options.k, clusterable.sample.size()),
                             clusterable.always, options.seed);
    const bool all = result.texts.size() == texts.matrix.rows();
    const TermMatrix larger = all ? TermMatrix() : texts.matrix.chosen(result.texts);
    const TermMatrix& whole = all ? texts.matrix : larger;
    Rows shares;
    assign_groups(whole, result.mixture, kLastTemper, shares, executor);
    mixing.first_temper = kLastTemper;
    if (result.is_by_em) {
      mixing.rounds = kRoundsOverAll;
    } else {
      shares = shares_of(most_probable_groups(shares, executor), options.k);
    }
    result.mixture =
        fit_mixture(whole, whole.transposed(), std::move(shares), chosen_groups(fixed, result.texts), mixing, executor);
  }
  drop_empty(result, executor);
  step(1);
  return result;
}

}  // namespace textlambda::topics
