#include "textlambda/train/feature_scale.h"

#include <algorithm>
#include <cmath>
#include <span>

#include "textlambda/io/executor.h"

namespace textlambda::train {
namespace {

// Cross-validated (docs/learning.md): with two labels rare telling features may weigh more.
constexpr double kIdfExponentForTwoLabels = 1.3;
constexpr double kIdfExponent = 0.7;
constexpr double kFloorForTwoLabels = 10;

// KL divergence of a feature's smoothed label distribution from the prior, in nats. The labels it never met with add up
// to one term, so the cost is that of the documents it occurs in, however many labels there are.
class Divergence {
 public:
  explicit Divergence(const std::vector<double>& prior) : prior_(prior), counts_(prior.size(), 0) {}

  double operator()(const LabelLists& lists, std::size_t feature) {
    double total = 1;
    lists.visit(feature, [&](std::uint32_t label, std::uint32_t documents) {
      counts_[label] += documents;
      total += documents;
    });
    const std::span<const Guesses::Share> guesses = lists.guesses(feature);
    for (const Guesses::Share& share : guesses) {
      counts_[share.label] += static_cast<double>(share.documents);
      total += static_cast<double>(share.documents);
    }
    double absent = 1;
    double divergence = 0;
    const auto take = [&](std::uint32_t label) {
      double& count = counts_[label];
      if (count == 0) return;  // its label was already dealt with
      const double prior = prior_[label];
      const double share = (count + prior) / total;
      divergence += share * std::log(share / prior);
      absent -= prior;
      count = 0;
    };
    lists.visit(feature, [&](std::uint32_t label, std::uint32_t) { take(label); });
    for (const Guesses::Share& share : guesses) take(share.label);
    return std::max(0.0, divergence - std::max(absent, 0.0) / total * std::log(total));
  }

 private:
  const std::vector<double>& prior_;
  std::vector<double> counts_;
};

}  // namespace

std::vector<float> compute_feature_scales(const LabelledDocuments& documents, const Vocabulary& vocabulary,
                                          const LabelLists& lists, const io::Executor& executor) {
  const std::vector<double> prior = label_shares(lists.label_counts());
  const auto total = static_cast<double>(documents.document_count + documents.unlabelled.count);
  const double idf_exponent = prior.size() == 2 ? kIdfExponentForTwoLabels : kIdfExponent;
  // With few documents of two labels nearly every n-gram looks telling or void by chance: they are told apart less.
  const double floor = prior.size() == 2 ? kFloorForTwoLabels / total : 0;
  const FeatureRange features = lists.features();
  std::vector<float> scales(features.size());
  constexpr std::size_t kRun = 4096;
  executor.run_ranges(features.size(), kRun, [&](std::size_t begin, std::size_t end) {
    Divergence divergence(prior);
    // Features stand in the order of their frequency: the same one comes many times in a row.
    std::uint32_t frequency = 0;
    double rarity = 0;
    for (std::size_t i = begin; i < end; ++i) {
      const std::size_t feature = features.begin + i;
      if (vocabulary.document_frequencies[feature] != frequency) {
        frequency = vocabulary.document_frequencies[feature];
        rarity = std::pow(std::log((1 + total) / (1.0 + frequency)) + 1, idf_exponent);
      }
      scales[i] = static_cast<float>(rarity * std::pow(2 * divergence(lists, feature) + floor, 0.25));
    }
  });
  return scales;
}

}  // namespace textlambda::train
