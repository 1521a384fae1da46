#include "textlambda/train/choices.h"

#include <algorithm>
#include <string>

#include "textlambda/features/stop_words.h"
#include "textlambda/io/error.h"
#include "textlambda/text/utf8.h"

namespace textlambda::train {
namespace {

// Texts at least this long on average need no character n-grams.
constexpr double kLongText = 1000;

// By cross-validation the best of 1, 2, 3, 4, 5, 8 and all tokens to the end of the clause.
constexpr int kNegationScope = 4;
// Where there are few labels they may well be opinions, which negation turns; topics neither gain nor lose by it.
constexpr std::size_t kMostOpinions = 5;

}  // namespace

int choose_negation_scope(std::size_t labels, const TrainOptions& options) {
  if (options.words.empty()) return 0;
  return options.negation_scope.value_or(labels <= kMostOpinions ? kNegationScope : 0);
}

bool is_code(const CorpusSample& sample) { return sample.code_share > 0.5; }

features::FeatureOptions choose_features(const CorpusSample& sample, const TrainOptions& options) {
  features::FeatureOptions features;
  features.normaliser.lower_case = options.lower_case.value_or(!is_code(sample));
  features.words = options.words;
  features.characters = options.characters                   ? *options.characters
                        : sample.mean_text_bytes < kLongText ? features::NGramRange{2, 5}
                                                             : features::NGramRange{};
  if (features.words.empty() && features.characters.empty()) features.characters = {2, 5};
  features.negation_scope = choose_negation_scope(sample.labels, options);
  std::string buffer;
  features.stop_words =
      features::hash_stop_words(text::repair_utf8(options.stop_words, buffer).text, features.normaliser);
  return features;
}

bool is_small(std::size_t texts, const LabelledDocuments& documents, const features::FeatureOptions& features) {
  // With very many labels each further n-gram costs a weight for all of them.
  constexpr std::size_t kVeryManyLabels = 200;
  if (documents.labels.size() > kVeryManyLabels && texts >= 5 * documents.labels.size()) return false;
  return texts < 100 * documents.labels.size() || (texts < 1000 && !features.characters.empty());
}

unsigned choose_min_documents(bool small, const TrainOptions& options) {
  return static_cast<unsigned>(options.min_documents.value_or(small ? 1 : 2));
}

double choose_keep(bool small, bool code, const TrainOptions& options) {
  return options.keep.value_or(small || code ? 1 : 0.5);
}

double choose_c(const LabelledDocuments& documents, const TrainOptions& options) {
  if (options.c) return *options.c;
  return documents.labels.size() == 2 ? 8 : 16;
}

int choose_epochs(const LabelledDocuments& documents, const TrainOptions& options) {
  constexpr std::size_t kManyDocuments = 20000;
  return options.epochs.value_or(documents.document_count + documents.unlabelled.count >= kManyDocuments ? 4 : 5);
}

std::vector<float> label_costs(const LabelledDocuments& documents, const TrainOptions& options) {
  std::vector<float> costs;
  const auto labels = static_cast<double>(documents.labels.size());
  for (const std::uint64_t count : documents.label_counts) {
    const double balance = options.balance_labels
                               ? static_cast<double>(documents.document_count) / (labels * static_cast<double>(count))
                               : 1;
    costs.push_back(static_cast<float>(choose_c(documents, options) * balance));
  }
  for (const auto& [label, weight] : options.label_weights) {
    const auto found = std::lower_bound(documents.labels.begin(), documents.labels.end(), label);
    if (found == documents.labels.end() || *found != label) {
      throw io::Error(io::ErrorKind::mismatch, "a weight is given for label \"" + label + "\", which the corpus lacks");
    }
    costs[static_cast<std::size_t>(found - documents.labels.begin())] *= static_cast<float>(weight);
  }
  return costs;
}

}  // namespace textlambda::train
