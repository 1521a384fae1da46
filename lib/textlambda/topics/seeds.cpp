#include "textlambda/topics/seeds.h"

#include <algorithm>
#include <functional>
#include <map>
#include <span>
#include <unordered_map>
#include <utility>

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

constexpr std::uint32_t kSeveral = kNoGroup - 1;  // groups claim a text

// The groups that words put texts in.
std::vector<std::uint32_t> groups_by_words(const Collection& collection, const std::vector<SeedLabel>& labels) {
  const std::vector<Phrase> phrases = find_phrases(collection, labels);
  std::vector<std::uint32_t> groups;
  groups.reserve(collection.distinct.size());
  std::vector<std::uint32_t> sorted;
  for_each_distinct(collection, [&](std::span<const std::uint32_t> terms, std::span<const std::uint8_t>) {
    sorted.assign(terms.begin(), terms.end());
    std::sort(sorted.begin(), sorted.end());
    std::uint32_t group = kNoGroup;
    for (const Phrase& phrase : phrases) {
      if (!std::includes(sorted.begin(), sorted.end(), phrase.features.begin(), phrase.features.end())) continue;
      group = group == kNoGroup || group == phrase.label ? phrase.label : kSeveral;
    }
    groups.push_back(group);
  });
  return groups;
}

// And the labels: of a distinct text, those of all that are nearly the same.
std::vector<std::uint32_t> groups_by_labels(const Collection& collection, const std::vector<std::uint32_t>& labels) {
  std::vector<std::uint32_t> groups(collection.distinct.size(), kNoGroup);
  const std::size_t first = collection.text_count - labels.size();
  std::unordered_map<std::uint64_t, std::size_t> by_gist;
  std::size_t distinct = 0;
  std::size_t number = 0;
  for (const train::DocumentBlock& block : collection.documents.unlabelled.blocks) {
    for (const std::uint64_t gist : block.gists) {
      if (distinct < groups.size() && collection.distinct[distinct] == number) by_gist.emplace(gist, distinct++);
      if (number >= first) {
        std::uint32_t& group = groups[by_gist.at(gist)];
        const std::uint32_t label = labels[number - first];
        group = group == kNoGroup || group == label ? label : kSeveral;
      }
      ++number;
    }
  }
  return groups;
}

}  // namespace

KnownGroups read_known_groups(const std::vector<SeedLabel>& seeds, const corpus::RowSource* labelled) {
  KnownGroups known;
  std::map<std::string, std::uint32_t, std::less<>> numbers;
  for (const SeedLabel& seed : seeds) {
    numbers.emplace(seed.label, static_cast<std::uint32_t>(known.names.size()));
    known.names.push_back(seed.label);
  }
  if (labelled == nullptr) return known;
  std::map<std::string, std::uint32_t, std::less<>> others;  // the order in which they are met
  std::vector<std::uint32_t> met;
  for (std::size_t partition = 0; partition < labelled->partition_count(); ++partition) {
    const corpus::PartitionSummary rows = labelled->read(partition, [&](const corpus::Example& row) {
      if (const auto found = numbers.find(row.label); found != numbers.end()) {
        known.labels.push_back(found->second);
        return true;
      }
      const auto place = others.emplace(row.label, static_cast<std::uint32_t>(numbers.size() + others.size())).first;
      known.labels.push_back(place->second);
      return true;
    });
    known.faults.add(*labelled, partition, rows);
  }
  // By their bytes, not by which came first.
  std::vector<std::uint32_t> renumbered(seeds.size() + others.size());
  for (std::uint32_t seed = 0; seed < seeds.size(); ++seed) renumbered[seed] = seed;
  for (const auto& [name, number] : others) {
    renumbered[number] = static_cast<std::uint32_t>(known.names.size());
    known.names.push_back(name);
  }
  for (std::uint32_t& label : known.labels) label = renumbered[label];
  return known;
}

FixedTexts fix_texts(const Collection& collection, const std::vector<SeedLabel>& seeds, const KnownGroups& known) {
  FixedTexts fixed;
  if (known.names.empty()) return fixed;
  fixed.groups = groups_by_words(collection, seeds);
  const std::vector<std::uint32_t> labels = groups_by_labels(collection, known.labels);
  std::vector<std::size_t> counts(known.names.size(), 0);
  for (std::uint32_t text = 0; text < labels.size(); ++text) {
    std::uint32_t& group = fixed.groups[text];
    if (labels[text] != kNoGroup) group = labels[text];
    if (group == kSeveral) group = kNoGroup;
    if (group == kNoGroup) continue;
    ++counts[group];
    if (labels[text] == group) fixed.labelled.push_back(text);
  }
  for (std::size_t name = 0; name < counts.size(); ++name) {
    if (counts[name] > 0) continue;
    throw io::Error(
        io::ErrorKind::mismatch,
        name < seeds.size()
            ? fmt::format("no text has the words of \"{}\", and of no other label", known.names[name])
            : fmt::format("no text is labelled \"{}\", and nothing else: what is nearly the same has another "
                          "label too",
                          known.names[name]));
  }
  return fixed;
}

}  // namespace textlambda::topics
