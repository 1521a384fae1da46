#include "textlambda/train/selection.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <utility>

#include <Eigen/Core>

#include "textlambda/features/text_terms.h"
#include "textlambda/io/executor.h"
#include "textlambda/train/fit/weight_pattern.h"

namespace textlambda::train {
namespace {

constexpr std::size_t kMostPerLabel = 20;
// What one n-gram takes in the model, about: 12 bytes of numbers and its text.
constexpr std::size_t kBytesPerNGram = 28;

// A feature's weight for a label: for two labels they mirror, as in Classifier::weight.
float label_weight(const Weights& weights, std::uint32_t feature, std::size_t label) {
  if (weights.pattern) {
    const std::size_t place = weights.pattern->find(feature, static_cast<std::uint32_t>(label));
    return place == WeightPattern::kNone ? 0 : weights.matrix[place];
  }
  const float weight = weights.matrix[feature * weights.stride + (weights.stride == 1 ? 0 : label)];
  if (weights.stride > 1) return weight;
  return label == 1 ? weight / 2 : -weight / 2;
}

struct Candidate {
  float strength = 0;  // scale · weight · √(document frequency): telling, and met often enough to be worth showing
  std::uint32_t feature = 0;
};

bool stronger(const Candidate& a, const Candidate& b) {
  return a.strength != b.strength ? a.strength > b.strength : a.feature < b.feature;
}

// The strongest of those it is given.
class Strongest {
 public:
  explicit Strongest(std::size_t wanted) : wanted_(wanted) {}

  void add(const Candidate& candidate) {
    if (!(candidate.strength > 0)) return;
    if (best_.size() == wanted_ && !stronger(candidate, best_.front())) return;
    best_.push_back(candidate);
    std::push_heap(best_.begin(), best_.end(), stronger);
    if (best_.size() <= wanted_) return;
    std::pop_heap(best_.begin(), best_.end(), stronger);
    best_.pop_back();
  }

  // The strongest first.
  std::vector<Candidate> take() {
    std::sort(best_.begin(), best_.end(), stronger);
    return std::move(best_);
  }

 private:
  std::size_t wanted_;
  std::vector<Candidate> best_;  // a heap with the weakest on top
};

float strength_of(const Vocabulary& vocabulary, const std::vector<float>& scales, std::uint32_t feature, float weight) {
  return scales[feature] * weight * std::sqrt(static_cast<float>(vocabulary.document_frequencies[feature]));
}

std::vector<Candidate> strongest_of(std::size_t label, std::size_t wanted, const Vocabulary& vocabulary,
                                    const std::vector<float>& scales, const Weights& weights,
                                    const std::vector<std::uint32_t>& kept, features::Group group) {
  Strongest best(wanted);
  for (const std::uint32_t feature : kept) {
    if (vocabulary.groups[feature] != group) continue;
    best.add({strength_of(vocabulary, scales, feature, label_weight(weights, feature, label)), feature});
  }
  return best.take();
}

// The same of every label, by the places of a pattern: no pass over all features for each label.
std::vector<std::vector<Candidate>> strongest_of_many(std::size_t wanted, const Vocabulary& vocabulary,
                                                      const std::vector<float>& scales, const Weights& weights,
                                                      const std::vector<std::uint32_t>& kept, features::Group group) {
  std::vector<Strongest> best(weights.label_count, Strongest(wanted));
  for (const std::uint32_t feature : kept) {
    if (vocabulary.groups[feature] != group) continue;
    weights.pattern->for_each(feature, [&](std::uint32_t label, std::size_t place) {
      best[label].add({strength_of(vocabulary, scales, feature, weights.matrix[place]), feature});
    });
  }
  std::vector<std::vector<Candidate>> lists;
  lists.reserve(best.size());
  for (Strongest& of_label : best) lists.push_back(of_label.take());
  return lists;
}

// Where a feature occurs first.
struct Place {
  std::size_t block = 0;
  std::size_t document = 0;
};

std::map<std::uint32_t, Place> find_places(const LabelledDocuments& documents, std::size_t feature_count,
                                           const std::vector<std::vector<Candidate>>& lists) {
  std::vector<std::uint8_t> wanted(feature_count, 0);
  std::size_t missing = 0;
  for (const auto& list : lists) {
    for (const Candidate& candidate : list) {
      missing += static_cast<std::size_t>(wanted[candidate.feature] == 0);
      wanted[candidate.feature] = 1;
    }
  }
  std::map<std::uint32_t, Place> places;
  BlockTerms terms;
  for (std::size_t number = 0; number < documents.blocks.size() && missing > 0; ++number) {
    const DocumentBlock& block = documents.blocks[number];
    terms.open(block);
    for (std::size_t document = 0; document < block.size() && missing > 0; ++document) {
      for (std::uint32_t at = block.begin(document); at < block.document_end[document]; ++at) {
        const std::uint32_t feature = terms.terms()[at];
        if (wanted[feature] == 0) continue;
        wanted[feature] = 0;
        --missing;
        places.emplace(feature, Place{number, document});
      }
    }
  }
  return places;
}

// Reads the documents again in which the features were met, and takes the n-grams' strings from them.
std::map<std::uint32_t, std::string> read_strings(const corpus::RowSource& corpus, const Vocabulary& vocabulary,
                                                  const std::map<std::uint32_t, Place>& places,
                                                  const features::FeatureOptions& options,
                                                  const io::Executor& executor) {
  // Of each block, of each document: the hashes looked for.
  using Wanted = std::map<std::size_t, std::vector<std::uint32_t>>;
  std::map<std::size_t, Wanted> blocks;
  for (const auto& [feature, place] : places) blocks[place.block][place.document].push_back(feature);
  std::vector<std::pair<std::size_t, Wanted>> work(blocks.begin(), blocks.end());
  std::vector<std::map<std::uint32_t, std::string>> found(work.size());

  const unsigned shift = 64 - vocabulary.hash_bits;
  executor.run(work.size(), [&](std::size_t item, unsigned) {
    const Wanted& documents = work[item].second;
    std::size_t index = 0;
    corpus.read(work[item].first, [&](const corpus::Example& example) {
      const auto wanted = documents.find(index++);
      if (wanted == documents.end()) return index <= documents.rbegin()->first;
      features::for_each_named_n_gram(
          example.text, options, [&](features::Group group, std::uint64_t hash, auto&& make_string) {
            for (const std::uint32_t feature : wanted->second) {
              if (vocabulary.groups[feature] != group || vocabulary.hashes[feature] != hash >> shift) continue;
              std::string& string = found[item][feature];
              if (string.empty()) string = make_string();
            }
          });
      return true;
    });
  });
  std::map<std::uint32_t, std::string> strings;
  for (auto& part : found) strings.merge(part);
  return strings;
}

}  // namespace

std::vector<float> feature_importance(const std::vector<std::uint32_t>& document_frequencies,
                                      const std::vector<float>& scales, const Weights& weights) {
  if (weights.pattern) {
    std::vector<float> importance;
    importance.reserve(document_frequencies.size());
    for (std::size_t feature = 0; feature < document_frequencies.size(); ++feature) {
      float largest = 0;
      for (std::size_t i = 0; i < weights.pattern->count(feature); ++i) {
        largest = std::max(largest, std::abs(weights.matrix[weights.pattern->begin(feature) + i]));
      }
      importance.push_back(scales[feature] * largest * std::sqrt(static_cast<float>(document_frequencies[feature])));
    }
    return importance;
  }
  using Eigen::Dynamic;
  using Eigen::Index;
  using Matrix = Eigen::Array<float, Dynamic, Dynamic, Eigen::RowMajor>;
  const auto features = static_cast<Index>(document_frequencies.size());
  const auto used = static_cast<Index>(weights.stride == 1 ? 1 : weights.label_count);
  const Eigen::Map<const Matrix, 0, Eigen::OuterStride<>> matrix(
      weights.matrix.data(), features, used, Eigen::OuterStride<>(static_cast<Index>(weights.stride)));
  const Eigen::Map<const Eigen::Array<std::uint32_t, Dynamic, 1>> frequencies(document_frequencies.data(), features);
  std::vector<float> importance(document_frequencies.size());
  Eigen::Map<Eigen::ArrayXf>(importance.data(), features) =
      Eigen::Map<const Eigen::ArrayXf>(scales.data(), features) * matrix.abs().rowwise().maxCoeff() *
      frequencies.cast<float>().unaryExpr([](float frequency) { return std::sqrt(frequency); });
  return importance;
}

std::vector<std::uint32_t> select_features(const std::vector<float>& importance, double keep) {
  const auto wanted = static_cast<std::size_t>(std::ceil(keep * static_cast<double>(importance.size())));
  std::vector<float> sorted(importance);
  float threshold = 0;
  if (wanted < sorted.size()) {
    std::nth_element(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(wanted), sorted.end(),
                     std::greater<>());
    threshold = sorted[wanted];  // the largest importance that is left out: its equals go too
  }
  std::vector<std::uint32_t> kept;
  for (std::uint32_t feature = 0; feature < importance.size(); ++feature) {
    if (importance[feature] > threshold) kept.push_back(feature);
  }
  return kept;
}

std::vector<model::ProfileContent::LabelNGram> find_strongest(
    const corpus::RowSource& corpus, const LabelledDocuments& documents, const Vocabulary& vocabulary,
    const std::vector<float>& scales, const Weights& weights, const std::vector<std::uint32_t>& kept,
    const features::FeatureOptions& options, std::size_t budget, const io::Executor& executor) {
  const std::size_t labels = documents.labels.size();
  const std::size_t per_label = std::min(kMostPerLabel, budget / (labels * kBytesPerNGram));
  std::vector<model::ProfileContent::LabelNGram> result;
  if (per_label == 0) return result;
  // Words read better than pieces of words.
  const features::Group group = options.words.empty() ? features::Group::characters : features::Group::words;
  std::vector<std::vector<Candidate>> lists(labels);
  if (weights.pattern) {
    lists = strongest_of_many(per_label, vocabulary, scales, weights, kept, group);
  } else {
    executor.run(labels, [&](std::size_t label, unsigned) {
      lists[label] = strongest_of(label, per_label, vocabulary, scales, weights, kept, group);
    });
  }
  const auto places = find_places(documents, vocabulary.size(), lists);
  const auto strings = read_strings(corpus, vocabulary, places, options, executor);

  // All labels get their first, then their second, …, until the budget is spent: none goes without for another's sake.
  std::size_t left = budget;
  for (std::size_t rank = 0; rank < per_label; ++rank) {
    for (std::uint32_t label = 0; label < labels; ++label) {
      if (rank >= lists[label].size()) continue;
      const std::uint32_t feature = lists[label][rank].feature;
      const auto string = strings.find(feature);
      if (string == strings.end() || string->second.size() + 12 > left) continue;
      left -= string->second.size() + 12;
      result.push_back({label, scales[feature] * label_weight(weights, feature, label), string->second});
    }
  }
  std::stable_sort(result.begin(), result.end(), [](const auto& a, const auto& b) { return a.label < b.label; });
  return result;
}

}  // namespace textlambda::train
