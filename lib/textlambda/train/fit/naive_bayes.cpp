#include "textlambda/train/fit/naive_bayes.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "textlambda/io/executor.h"
#include "textlambda/train/fit/weight_pattern.h"
#include "textlambda/train/many_labels.h"

namespace textlambda::train {
namespace {

constexpr double kPseudoCount = 6;  // α

constexpr std::size_t kRun = 4096;  // features or documents that a thread takes at a time

// Each count is a likely cache miss: so many are asked for ahead.
constexpr std::size_t kCountsAhead = 16;

// What a feature that n documents of one label have gives to that label: looked up for each whole n there can be (all
// labels' tables together are as long as there are documents), worked out where some are guessed.
class Evidence {
 public:
  // `documents` of the label, which is the given share of all.
  Evidence(double documents, double share, double strength) : strength_(strength), unit_(kPseudoCount * share) {
    const auto whole = static_cast<std::size_t>(documents);
    for (std::size_t n = 0; n <= whole; ++n) weights_.push_back(compute(static_cast<double>(n)));
  }

  float operator()(float documents) const {
    const auto whole = static_cast<std::size_t>(documents);
    if (static_cast<float>(whole) == documents && whole < weights_.size()) return weights_[whole];
    return compute(static_cast<double>(documents));
  }

 private:
  float compute(double documents) const { return static_cast<float>(strength_ * std::log1p(documents / unit_)); }

  double strength_;
  double unit_;
  std::vector<float> weights_;
};

float count_of(const LabelCounts& counts, std::uint32_t feature, std::uint32_t label) {
  if (!counts.pattern) return counts.counts[feature * counts.stride + label];
  const std::size_t place = counts.pattern->find(feature, label);
  return place == WeightPattern::kNone ? 0 : counts.counts[place];
}

// The counts of a pattern's places, of one feature after the other.
void count_places(const LabelLists& lists, const WeightPattern& pattern, MatrixVector<float>& counts,
                  const io::Executor& executor) {
  executor.run_ranges(lists.features().size(), kRun, [&](std::size_t begin, std::size_t end) {
    std::vector<float> by_label(pattern.label_count(), 0);
    for (std::size_t feature = begin; feature < end; ++feature) {
      lists.visit(feature, [&](std::uint32_t label, std::uint32_t documents) {
        by_label[label] += static_cast<float>(documents);
      });
      for (const Guesses::Share& share : lists.guesses(feature)) by_label[share.label] += share.documents;
      pattern.for_each(feature, [&](std::uint32_t label, std::size_t place) {
        counts[place] = by_label[label];
        by_label[label] = 0;
      });
    }
  });
}

void set_handicaps(const LabelCounts& counts, const std::vector<Evidence>& evidence, const TrainingSet& set,
                   FitRows& rows, const io::Executor& executor) {
  executor.run_ranges(rows.size(), kRun, [&](std::size_t begin, std::size_t end) {
    RowReader reader(set);
    for (std::size_t number = begin; number < end; ++number) {
      // A guess is weak enough as it is.
      if (rows.held_out(number) || rows.guessed(number) || rows.parts(number).size() > 1) continue;
      const SparseRow row = reader.row(rows.document(number));
      for (FitRows::LabelPart& part : rows.parts(number)) {
        const Evidence& own = evidence[part.label];
        float handicap = 0;
        for (std::size_t i = 0; i < row.size; ++i) {
          if (!counts.pattern && i + kCountsAhead < row.size) {
            __builtin_prefetch(&counts.counts[row.ids[i + kCountsAhead] * counts.stride + part.label]);
          }
          const float count = count_of(counts, row.ids[i], part.label);
          handicap += row.values[i] * (own(std::max(count - part.documents, 0.0F)) - own(count));
        }
        part.handicap = handicap;
      }
    }
  });
}

}  // namespace

LabelCounts::LabelCounts(const std::vector<double>& documents, std::size_t feature_count)
    : label_counts(documents),
      stride(documents.size() == 2 ? 2 : Weights(documents.size(), 0).stride),
      counts(feature_count * stride) {}

LabelCounts::LabelCounts(const LabelLists& lists, const io::Executor& executor, const LabelLists* further) {
  if (lists.label_counts().size() < kManyLabels) {
    *this = LabelCounts(lists.label_counts(), lists.features().end);
    add(lists, executor);
    return;
  }
  label_counts = lists.label_counts();
  pattern = std::make_shared<const WeightPattern>(lists, further, executor);
  counts = MatrixVector<float>(pattern->size() + 1);
  count_places(lists, *pattern, counts, executor);
}

void LabelCounts::add(const LabelLists& lists, const io::Executor& executor) {
  const FeatureRange features = lists.features();
  executor.run_ranges(features.size(), kRun, [&](std::size_t begin, std::size_t end) {
    for (std::size_t feature = features.begin + begin; feature < features.begin + end; ++feature) {
      lists.visit(feature, [&](std::uint32_t label, std::uint32_t documents) {
        counts[feature * stride + label] += static_cast<float>(documents);
      });
      for (const Guesses::Share& share : lists.guesses(feature)) {
        counts[feature * stride + share.label] += share.documents;
      }
    }
  });
}

Weights make_prior(LabelCounts counts, const TrainingSet& set, FitRows& rows, double strength,
                   const io::Executor& executor) {
  const std::size_t labels = counts.label_counts.size();
  const std::vector<double> shares = label_shares(counts.label_counts);
  std::vector<Evidence> evidence;
  evidence.reserve(labels);
  for (std::size_t label = 0; label < labels; ++label) {
    evidence.emplace_back(counts.label_counts[label], shares[label], strength);
  }
  set_handicaps(counts, evidence, set, rows, executor);
  const auto weight = [&](std::size_t label, float count) { return evidence[label](count); };
  // Many labels' weights take the place of their counts: the matrix may be the largest thing in memory.
  if (counts.pattern) {
    executor.run_ranges(counts.pattern->feature_count(), kRun, [&](std::size_t begin, std::size_t end) {
      for (std::size_t feature = begin; feature < end; ++feature) {
        counts.pattern->for_each(feature, [&](std::uint32_t label, std::size_t place) {
          counts.counts[place] = weight(label, counts.counts[place]);
        });
      }
    });
    Weights prior;
    prior.label_count = labels;
    prior.pattern = std::move(counts.pattern);
    prior.matrix = std::move(counts.counts);
    prior.bias.assign(labels, 0);
    return prior;
  }
  const std::size_t features = counts.counts.size() / counts.stride;
  Weights prior(labels, labels == 2 ? features : 0);
  executor.run_ranges(features, kRun, [&](std::size_t begin, std::size_t end) {
    for (std::size_t feature = begin; feature < end; ++feature) {
      float* const row = &counts.counts[feature * counts.stride];
      if (labels == 2) {
        prior.matrix[feature] = weight(1, row[1]) - weight(0, row[0]);
        continue;
      }
      for (std::size_t label = 0; label < labels; ++label) {
        if (row[label] > 0) row[label] = weight(label, row[label]);
      }
    }
  });
  if (labels != 2) prior.matrix = std::move(counts.counts);
  return prior;
}

}  // namespace textlambda::train
