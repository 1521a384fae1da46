#include "textlambda/train/fit/naive_bayes.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "textlambda/io/executor.h"

namespace textlambda::train {
namespace {

constexpr double kPseudoCount = 6;  // α

constexpr std::size_t kRun = 4096;  // features or documents that a thread takes at a time

// What a feature that n documents of one label have gives to that label, and what one of them takes away by not being
// counted, for each n there can be: all labels' tables together are as long as there are documents.
struct Evidence {
  // `documents` of the label, which is the given share of all.
  Evidence(std::uint64_t documents, double share, double strength) : weights(1, 0.0F), losses(1, 0.0F) {
    for (std::uint64_t n = 1; n <= documents; ++n) {
      weights.push_back(static_cast<float>(strength * std::log1p(static_cast<double>(n) / (kPseudoCount * share))));
      losses.push_back(weights[weights.size() - 2] - weights.back());
    }
  }

  std::vector<float> weights;
  std::vector<float> losses;  // the one of n = 0 is not used
};

std::vector<float> sum_handicaps(const LabelCounts& counts, const std::vector<Evidence>& evidence,
                                 const TrainingSet& set, const std::vector<std::uint8_t>& held_out,
                                 const io::Executor& executor) {
  std::vector<float> handicaps(set.size(), 0);
  executor.run_ranges(set.size(), kRun, [&](std::size_t begin, std::size_t end) {
    for (std::size_t document = begin; document < end; ++document) {
      if (held_out[document] != 0) continue;
      const std::uint32_t label = set.label(document);
      const Evidence& own = evidence[label];
      const SparseRow row = set.row(document);
      float handicap = 0;
      for (std::size_t i = 0; i < row.size; ++i) {
        const float count = counts.counts[row.ids[i] * counts.stride + label];
        handicap += row.values[i] * own.losses[static_cast<std::size_t>(count)];
      }
      handicaps[document] = handicap;
    }
  });
  return handicaps;
}

}  // namespace

LabelCounts::LabelCounts(const LabelLists& lists, const io::Executor& executor)
    : label_counts(lists.label_counts()),
      stride(label_counts.size() == 2 ? 2 : Weights(label_counts.size(), 0).stride),
      counts(lists.feature_count() * stride) {
  executor.run_ranges(lists.feature_count(), kRun, [&](std::size_t begin, std::size_t end) {
    for (std::size_t feature = begin; feature < end; ++feature) {
      for (const std::uint32_t label : lists[feature]) counts[feature * stride + label] += 1;
    }
  });
}

Prior make_prior(LabelCounts counts, const TrainingSet& set, const std::vector<std::uint8_t>& held_out, double strength,
                 const io::Executor& executor) {
  const std::size_t labels = counts.label_counts.size();
  const std::size_t features = counts.counts.size() / counts.stride;
  const std::vector<double> shares = label_shares(counts.label_counts);
  std::vector<Evidence> evidence;
  evidence.reserve(labels);
  for (std::size_t label = 0; label < labels; ++label) {
    evidence.emplace_back(counts.label_counts[label], shares[label], strength);
  }
  Prior prior;
  prior.handicaps = sum_handicaps(counts, evidence, set, held_out, executor);
  prior.weights = Weights(labels, labels == 2 ? features : 0);
  const auto weight = [&](std::size_t label, float count) {
    return evidence[label].weights[static_cast<std::size_t>(count)];
  };
  // Many labels' weights take the place of their counts: the matrix may be the largest thing in memory.
  executor.run_ranges(features, kRun, [&](std::size_t begin, std::size_t end) {
    for (std::size_t feature = begin; feature < end; ++feature) {
      float* const row = &counts.counts[feature * counts.stride];
      if (labels == 2) {
        prior.weights.matrix[feature] = weight(1, row[1]) - weight(0, row[0]);
        continue;
      }
      for (std::size_t label = 0; label < labels; ++label) {
        if (row[label] > 0) row[label] = weight(label, row[label]);
      }
    }
  });
  if (labels != 2) prior.weights.matrix = std::move(counts.counts);
  return prior;
}

}  // namespace textlambda::train
