#include <algorithm>
#include <cmath>
#include <unordered_map>
#include <utility>

#include "textlambda/features/text_terms.h"
#include "textlambda/model/linear/linear_model.h"

namespace textlambda::model::linear {
namespace {

struct Name {
  std::string n_gram;
  bool characters = false;
};

// The first n-gram of the text behind each of its features.
std::unordered_map<std::uint32_t, Name> name_features(const FeatureIndex& index, const Profile& profile,
                                                      std::string_view text) {
  std::unordered_map<std::uint32_t, Name> names;
  features::for_each_named_n_gram(text, profile.feature_options(),
                                  [&](features::Group group, std::uint64_t hash, auto&& make_string) {
                                    const std::uint32_t feature = index.find(profile.key(hash, group));
                                    if (feature == FeatureIndex::kNone) return;
                                    Name& name = names[feature];
                                    if (name.n_gram.empty())
                                      name = {make_string(), group == features::Group::characters};
                                  });
  return names;
}

}  // namespace

Explanation LinearModel::explain(const Profile& profile, std::string_view text, std::size_t label) const {
  auto names = name_features(sections_.index, profile, text);
  ReadText read_text;
  read_text.terms.assign(text, profile.feature_options());
  const features::SparseRow row = read(profile, read_text);
  const float inverse_temperature = 1.0F / profile.temperature();

  Explanation explanation;
  explanation.label_index = label;
  explanation.bias = bias(label) * inverse_temperature;
  explanation.logit = explanation.bias;
  for (std::size_t i = 0; i < row.size; ++i) {
    Name& name = names[row.ids[i]];
    const float logit = row.values[i] * weight(row.ids[i], label) * inverse_temperature;
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

}  // namespace textlambda::model::linear
