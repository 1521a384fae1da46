#include "textlambda/train/feature_scale.h"

#include <algorithm>
#include <cmath>
#include <span>

#include "textlambda/io/parallel.h"

namespace textlambda::train {
namespace {

// Cross-validated (docs/learning.md): with two labels rare telling features may weigh more.
constexpr double kIdfExponentForTwoLabels = 1.3;
constexpr double kIdfExponent = 0.7;

// The labels' shares among the documents that are not held out.
std::vector<double> label_prior(const LabelledDocuments& documents, const std::vector<std::uint8_t>& held_out) {
  std::vector<double> prior(documents.labels.size(), 0);
  double fitted = 0;
  std::size_t document = 0;
  for (const DocumentBlock& block : documents.blocks) {
    for (const std::uint32_t label : block.labels) {
      if (held_out[document++] != 0) continue;
      prior[label] += 1;
      fitted += 1;
    }
  }
  for (double& share : prior) share /= fitted;
  return prior;
}

// KL divergence of a feature's smoothed label distribution from the prior, in nats. The labels it never met with add up
// to one term, so the cost is that of the documents it occurs in, however many labels there are.
class Divergence {
 public:
  explicit Divergence(const std::vector<double>& prior) : prior_(prior), counts_(prior.size(), 0) {}

  double operator()(std::span<const std::uint32_t> labels) {
    for (const std::uint32_t label : labels) ++counts_[label];
    const double total = static_cast<double>(labels.size()) + 1;
    double absent = 1;
    double divergence = 0;
    for (const std::uint32_t label : labels) {
      double& count = counts_[label];
      if (count == 0) continue;  // its label was already dealt with
      const double prior = prior_[label];
      const double share = (count + prior) / total;
      divergence += share * std::log(share / prior);
      absent -= prior;
      count = 0;
    }
    return std::max(0.0, divergence - std::max(absent, 0.0) / total * std::log(total));
  }

 private:
  const std::vector<double>& prior_;
  std::vector<double> counts_;
};

// For each feature, the labels of its documents that are not held out, one after the other: the corpus's matrix, turned
// round. Blocks are cut into as many runs as there are threads; each run counts first, so that it then writes to places
// of its own.
class LabelLists {
 public:
  LabelLists(const LabelledDocuments& documents, std::size_t feature_count, const std::vector<std::uint8_t>& held_out,
             unsigned threads)
      : first_(feature_count + 1, 0) {
    const std::size_t runs = std::max(threads, 1U);
    std::vector<std::vector<std::uint32_t>> places(runs);
    io::parallel_for(runs, threads, [&](std::size_t run, unsigned) {
      places[run].assign(feature_count, 0);
      for_each_occurrence(documents, held_out, run, runs,
                          [&](std::uint32_t feature, std::uint32_t) { ++places[run][feature]; });
    });
    std::uint64_t total = 0;
    for (std::size_t feature = 0; feature < feature_count; ++feature) {
      first_[feature] = total;
      std::uint32_t before = 0;
      for (std::size_t run = 0; run < runs; ++run) {
        const std::uint32_t count = places[run][feature];
        places[run][feature] = before;
        before += count;
      }
      total += before;
    }
    first_[feature_count] = total;
    labels_.resize(total);
    io::parallel_for(runs, threads, [&](std::size_t run, unsigned) {
      for_each_occurrence(documents, held_out, run, runs, [&](std::uint32_t feature, std::uint32_t label) {
        labels_[first_[feature] + places[run][feature]++] = label;
      });
    });
  }

  std::span<const std::uint32_t> operator[](std::size_t feature) const {
    return {labels_.data() + first_[feature], static_cast<std::size_t>(first_[feature + 1] - first_[feature])};
  }

 private:
  template <typename Visit>
  static void for_each_occurrence(const LabelledDocuments& documents, const std::vector<std::uint8_t>& held_out,
                                  std::size_t run, std::size_t runs, Visit&& visit) {
    const std::size_t begin = documents.blocks.size() * run / runs;
    const std::size_t end = documents.blocks.size() * (run + 1) / runs;
    std::size_t index = 0;
    for (std::size_t number = 0; number < begin; ++number) index += documents.blocks[number].size();
    for (std::size_t number = begin; number < end; ++number) {
      const DocumentBlock& block = documents.blocks[number];
      for (std::size_t document = 0; document < block.size(); ++document, ++index) {
        if (held_out[index] != 0) continue;
        for (std::uint32_t at = block.begin(document); at < block.document_end[document]; ++at) {
          visit(block.terms[at], block.labels[document]);
        }
      }
    }
  }

  std::vector<std::uint64_t> first_;
  std::vector<std::uint32_t> labels_;
};

}  // namespace

std::vector<float> compute_feature_scales(const LabelledDocuments& documents, const Vocabulary& vocabulary,
                                          const std::vector<std::uint8_t>& held_out, unsigned threads) {
  const std::vector<double> prior = label_prior(documents, held_out);
  const LabelLists lists(documents, vocabulary.size(), held_out, threads);
  const auto total = static_cast<double>(documents.document_count);
  const double idf_exponent = prior.size() == 2 ? kIdfExponentForTwoLabels : kIdfExponent;
  std::vector<float> scales(vocabulary.size());
  constexpr std::size_t kFeaturesPerItem = 4096;
  io::parallel_for(
      (vocabulary.size() + kFeaturesPerItem - 1) / kFeaturesPerItem, threads, [&](std::size_t item, unsigned) {
        Divergence divergence(prior);
        const std::size_t end = std::min((item + 1) * kFeaturesPerItem, vocabulary.size());
        for (std::size_t feature = item * kFeaturesPerItem; feature < end; ++feature) {
          const double idf = std::log((1 + total) / (1.0 + vocabulary.document_frequencies[feature])) + 1;
          scales[feature] =
              static_cast<float>(std::pow(idf, idf_exponent) * std::pow(2 * divergence(lists[feature]), 0.25));
        }
      });
  return scales;
}

}  // namespace textlambda::train
