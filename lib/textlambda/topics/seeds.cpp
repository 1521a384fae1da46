#include "textlambda/topics/seeds.h"

#include <algorithm>
#include <unordered_map>

#include <fmt/format.h>

#include "textlambda/features/text_terms.h"
#include "textlambda/io/error.h"
#include "textlambda/topics/spherical_k_means.h"

namespace textlambda::topics {
namespace {

// Features that a text has all of.
struct Phrase {
  std::uint32_t label = 0;
  std::vector<std::uint32_t> features;  // rising
};

// Those whose words are in the vocabulary: others are in no text, or in one.
std::vector<Phrase> find_phrases(const Collection& collection, const std::vector<SeedLabel>& labels) {
  const train::Vocabulary& vocabulary = collection.vocabulary;
  std::unordered_map<std::uint32_t, std::uint32_t> by_hash;
  for (std::uint32_t feature = 0; feature < vocabulary.size(); ++feature) {
    by_hash.emplace(vocabulary.hashes[feature], feature);
  }
  std::vector<Phrase> phrases;
  features::TextTerms terms;
  for (std::uint32_t label = 0; label < labels.size(); ++label) {
    for (const std::string& word : labels[label].words) {
      terms.assign(word, collection.features);
      Phrase phrase{label, {}};
      bool known = true;
      for (const std::uint32_t hash :
           terms.n_grams(features::Group::words, collection.features, vocabulary.hash_bits)) {
        const auto found = by_hash.find(hash);
        known = known && found != by_hash.end();
        if (known) phrase.features.push_back(found->second);
      }
      std::sort(phrase.features.begin(), phrase.features.end());
      if (known && !phrase.features.empty()) phrases.push_back(std::move(phrase));
    }
  }
  return phrases;
}

}  // namespace

std::vector<std::uint32_t> fix_texts(const Collection& collection, const std::vector<SeedLabel>& labels) {
  std::vector<std::uint32_t> fixed;
  if (labels.empty()) return fixed;
  const std::vector<Phrase> phrases = find_phrases(collection, labels);
  std::vector<std::size_t> counts(labels.size(), 0);
  std::vector<std::uint32_t> sorted;
  for_each_distinct(collection, [&](std::span<const std::uint32_t> terms, std::span<const std::uint8_t>) {
    sorted.assign(terms.begin(), terms.end());
    std::sort(sorted.begin(), sorted.end());
    std::uint32_t group = kNoGroup;
    bool several = false;
    for (const Phrase& phrase : phrases) {
      if (!std::includes(sorted.begin(), sorted.end(), phrase.features.begin(), phrase.features.end())) continue;
      several = several || (group != kNoGroup && group != phrase.label);
      group = phrase.label;
    }
    fixed.push_back(several ? kNoGroup : group);
    if (fixed.back() != kNoGroup) ++counts[group];
  });
  for (std::size_t label = 0; label < labels.size(); ++label) {
    if (counts[label] > 0) continue;
    throw io::Error(io::ErrorKind::mismatch,
                    fmt::format("no text has the words of \"{}\", and of no other label", labels[label].label));
  }
  return fixed;
}

}  // namespace textlambda::topics
