#include "textlambda/model/explanation.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "textlambda/features/n_grams.h"
#include "textlambda/text/utf8.h"

namespace textlambda::model {
namespace {

struct Name {
  std::string n_gram;
  bool characters = false;
};

// The first n-gram of the text behind each of its features.
std::unordered_map<std::uint32_t, Name> name_features(const ModelFile& file, std::string_view text) {
  std::unordered_map<std::uint32_t, Name> names;
  text::NormalisedText normalised;
  normalised.assign(text, file.feature_options().normaliser);
  features::for_each_word_n_gram(
      normalised, file.feature_options(), [&](std::uint64_t hash, const features::WordNGram& n_gram) {
        const std::uint32_t feature = file.index().find(file.key(hash, features::Group::words));
        if (feature == FeatureIndex::kNone) return;
        Name& name = names[feature];
        if (name.n_gram.empty()) name = {features::word_n_gram_string(normalised, n_gram), false};
      });
  features::for_each_character_n_gram(
      normalised, file.feature_options(), [&](std::uint64_t hash, std::size_t begin, std::size_t end) {
        const std::uint32_t feature = file.index().find(file.key(hash, features::Group::characters));
        if (feature == FeatureIndex::kNone) return;
        Name& name = names[feature];
        if (name.n_gram.empty()) name = {features::character_n_gram_string(normalised, begin, end), true};
      });
  return names;
}

}  // namespace

Explanation explain(const Classifier& classifier, std::string_view text, std::size_t label_index) {
  std::string buffer;
  const std::string_view valid = text::repair_utf8(text, buffer).text;
  auto names = name_features(classifier.file(), valid);
  const float inverse_temperature = 1.0F / classifier.file().temperature();

  Explanation explanation;
  explanation.label_index = label_index;
  explanation.bias = classifier.bias(label_index) * inverse_temperature;
  explanation.logit = explanation.bias;
  for (const ActiveFeature& active : classifier.active_features(valid)) {
    Name& name = names[active.feature];
    const float logit = active.value * classifier.weight(active.feature, label_index) * inverse_temperature;
    explanation.logit += logit;
    explanation.contributions.push_back({std::move(name.n_gram), name.characters, logit});
  }
  std::sort(explanation.contributions.begin(), explanation.contributions.end(),
            [](const Contribution& a, const Contribution& b) {
              const float left = std::abs(a.logit);
              const float right = std::abs(b.logit);
              return left != right ? left > right : a.n_gram < b.n_gram;
            });
  return explanation;
}

}  // namespace textlambda::model
