#include "textlambda/topics/topic_model.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "textlambda/model/feature_index.h"
#include "textlambda/model/linear/writer.h"
#include "textlambda/train/fit/solver.h"
#include "textlambda/train/selection.h"

namespace textlambda::topics {
namespace {

constexpr std::size_t kInspectBytes = 65536;

// By the vocabulary's features; of two groups the one weight is that of the second against the first.
train::Weights to_weights(const Collection& collection, const WeightedTexts& texts, const Mixture& mixture,
                          const std::vector<std::uint32_t>& order, float temper) {
  train::Weights weights(order.size(), collection.vocabulary.size());
  const bool two = weights.stride == 1;
  const auto put = [&](float* to, const auto& row) {
    if (two) {
      *to = row[at(order[1])] - row[at(order[0])];
      return;
    }
    for (std::size_t label = 0; label < order.size(); ++label) to[label] = row[at(order[label])];
  };
  for (std::size_t column = 0; column < texts.features.size(); ++column) {
    const Eigen::RowVectorXf row = temper * mixture.weights.row(at(column));
    put(&weights.matrix[texts.features[column] * weights.stride], row);
  }
  put(weights.bias.data(), mixture.log_prior);
  return weights;
}

}  // namespace

std::vector<std::uint32_t> model_order(const std::vector<std::string>& labels) {
  std::vector<std::uint32_t> order(labels.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) { return labels[a] < labels[b]; });
  return order;
}

std::string write_model(const corpus::RowSource& corpus, Collection& collection, const WeightedTexts& texts,
                        const Mixture& mixture, const ModelSettings& settings, const io::Executor& executor) {
  const std::vector<std::uint32_t> order = model_order(settings.labels);
  const train::Vocabulary& vocabulary = collection.vocabulary;
  const train::Weights weights = to_weights(collection, texts, mixture, order, settings.temper);
  model::linear::LinearContent content;
  content.feature_options = collection.features;
  for (const std::uint32_t group : order) content.labels.push_back(settings.labels[group]);
  content.hash_bits = vocabulary.hash_bits;
  content.abstain_threshold = static_cast<float>(settings.abstain_threshold);
  content.card = settings.card;
  const std::size_t width = weights.stride == 1 ? 1 : order.size();
  content.keys.reserve(texts.features.size());
  content.weights.reserve(texts.features.size() * width);
  std::vector<float> scales(vocabulary.size(), 0);
  for (std::size_t column = 0; column < texts.features.size(); ++column) {
    const std::uint32_t feature = texts.features[column];
    content.keys.push_back(model::feature_key(vocabulary.hashes[feature], vocabulary.groups[feature],
                                              vocabulary.hash_bits, collection.features));
    content.scales.push_back(texts.idf[column]);
    scales[feature] = 1;  // a word alone in its text has the value 1, whatever its idf
    const float* const row = &weights.matrix[feature * weights.stride];
    content.weights.insert(content.weights.end(), row, row + width);
  }
  content.bias.assign(weights.bias.begin(), weights.bias.begin() + static_cast<std::ptrdiff_t>(width));

  // What reads labelled documents is shown the texts.
  train::LabelledDocuments& documents = collection.documents;
  documents.blocks.swap(documents.unlabelled.blocks);
  documents.labels = content.labels;
  content.strongest = train::find_strongest(corpus, documents, vocabulary, scales, weights, texts.features,
                                            collection.features, kInspectBytes, executor);
  documents.blocks.swap(documents.unlabelled.blocks);
  documents.labels.clear();
  return model::linear::serialise(content, model::linear::encode_features(content, executor));
}

}  // namespace textlambda::topics
