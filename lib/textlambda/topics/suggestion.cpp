#include "textlambda/topics/suggestion.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include <fmt/format.h>

#include "textlambda/io/error.h"
#include "textlambda/topics/agreement.h"
#include "textlambda/topics/grouping.h"
#include "textlambda/topics/weighed_corpus.h"
#include "textlambda/train/counter_random.h"

namespace textlambda::topics {
namespace {

constexpr std::uint64_t kPartStream = 0x5C;
constexpr std::size_t kMostByDefault = 50;
constexpr std::size_t kTextsAGroup = 10;
constexpr std::size_t kLeastToTry = 50;
constexpr unsigned kRestarts = 2;

// Two to fit to, and what is held out: two fifths, two fifths, a fifth.
struct Parts {
  std::array<std::vector<std::uint32_t>, 2> fitted;
  std::vector<std::uint32_t> held_out;
};

Parts part_texts(std::size_t count, std::uint64_t seed) {
  std::vector<std::uint32_t> order(count);
  for (std::size_t i = 0; i < count; ++i) order[i] = static_cast<std::uint32_t>(i);
  train::shuffle(order, train::CounterRandom(seed, kPartStream));
  order.resize(std::min(count, kMostTried));
  Parts parts;
  for (std::size_t i = 0; i < order.size(); ++i) {
    (i % 5 == 0 ? parts.held_out : parts.fitted[i % 2]).push_back(order[i]);
  }
  for (std::vector<std::uint32_t>* part : {&parts.fitted[0], &parts.fitted[1], &parts.held_out}) {
    std::sort(part->begin(), part->end());
  }
  return parts;
}

std::vector<std::size_t> numbers_to_try(std::size_t most) {
  constexpr std::array<std::size_t, 22> kNumbers = {2,  3,  4,  5,  6,  8,   10,  12,  15,  20,  25,
                                                    30, 40, 50, 60, 80, 100, 150, 200, 300, 500, 1000};
  std::vector<std::size_t> numbers(kNumbers.begin(), std::upper_bound(kNumbers.begin(), kNumbers.end(), most));
  if (!numbers.empty() && numbers.back() != most) numbers.push_back(most);
  return numbers;
}

WeightedTexts part_of(const WeightedTexts& texts, const std::vector<std::uint32_t>& rows) {
  return {texts.matrix.chosen(rows), texts.features, texts.idf};
}

}  // namespace

KSuggestion suggest_k(const corpus::RowSource& corpus, const TopicOptions& options, const io::Executor& executor,
                      const std::function<void(double share)>& progress) {
  if (options.k == 1) io::throw_usage("-k: 1 given, expected at least 2 groups to try up to");
  if (options.k > kMostGroups) {
    io::throw_usage(fmt::format("-k: {} given, expected at most {} groups", options.k, kMostGroups));
  }
  const WeighedCorpus weighed = weigh_corpus(corpus, options, 2, options.k == 0 ? kMostByDefault : options.k, executor);
  KSuggestion suggestion;
  suggestion.texts = weighed.collection.text_count;
  suggestion.distinct_texts = weighed.collection.distinct.size();
  if (suggestion.distinct_texts < kLeastToTry) {
    io::throw_input(fmt::format("has {} different texts, expected at least {} to hold some out",
                                suggestion.distinct_texts, kLeastToTry),
                    weighed.names);
  }
  const Parts parts = part_texts(suggestion.distinct_texts, options.seed);
  suggestion.fitted_texts = parts.fitted[1].size();
  suggestion.held_out_texts = parts.held_out.size();
  const std::size_t most =
      std::min(options.k == 0 ? kMostByDefault : options.k, suggestion.fitted_texts / kTextsAGroup);
  const std::vector<std::size_t> numbers = numbers_to_try(std::max<std::size_t>(most, 2));
  const WeightedTexts asked = part_of(weighed.texts, parts.held_out);

  TopicOptions trying = options;
  trying.restarts = kRestarts;
  trying.keeps_steadier = false;  // likelihoods of one kind of mixture compare
  struct Half {
    WeightedTexts texts;
    WeightedTexts rarer;
    Clusterable clusterable;
    std::size_t rank_of = 0;  // the k that the latent space was made for
  };
  std::array<Half, 2> halves;
  for (std::size_t half = 0; half < halves.size(); ++half) {
    halves[half].texts = part_of(weighed.texts, parts.fitted[half]);
    halves[half].rarer = part_of(weighed.rarer, parts.fitted[half]);
  }
  for (std::size_t number = 0; number < numbers.size(); ++number) {
    KTrial trial;
    trial.k = trying.k = numbers[number];
    std::array<std::vector<std::uint32_t>, 2> groups;
    std::array<std::size_t, 2> counts{};
    for (std::size_t i = 0; i < halves.size(); ++i) {
      Half& half = halves[i];
      if (half.rank_of == 0 || needs_other_space(half.rank_of, trial.k)) {
        half.clusterable = make_clusterable(half.rarer, {}, trying, executor);
        half.rank_of = trial.k;
      }
      const Grouping grouping = group_texts(half.texts, half.clusterable, {}, trying, executor, [](double) {});
      Rows shares;
      trial.likelihood += assign_groups(asked.matrix, grouping.mixture, 1, shares, executor) / 2;
      assign_groups(asked.matrix, grouping.mixture, kLastTemper, shares, executor);
      groups[i] = most_probable_groups(shares, executor);
      counts[i] = grouping.kept.size();
    }
    trial.groups = std::min(counts[0], counts[1]);
    // Where both put every text into one group they agree on nothing.
    const bool tells_apart =
        std::any_of(groups[0].begin(), groups[0].end(), [&](auto group) { return group != groups[0][0]; });
    if (tells_apart) trial.agreement = agreement_of(groups[0], groups[1]);
    std::vector<std::size_t> sizes(counts[0], 0);
    for (const std::uint32_t group : groups[0]) ++sizes[group];
    const auto [least, largest] = std::minmax_element(sizes.begin(), sizes.end());
    trial.smallest = static_cast<double>(*least) / static_cast<double>(groups[0].size());
    trial.largest = static_cast<double>(*largest) / static_cast<double>(groups[0].size());
    suggestion.trials.push_back(trial);
    progress(static_cast<double>(number + 1) / static_cast<double>(numbers.size()));
  }
  return suggestion;
}

}  // namespace textlambda::topics
