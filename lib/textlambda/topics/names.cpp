#include "textlambda/topics/names.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <set>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "textlambda/corpus/memory_source.h"
#include "textlambda/features/stop_words.h"
#include "textlambda/features/text_terms.h"
#include "textlambda/text/normaliser.h"
#include "textlambda/text/tokenizer.h"
#include "textlambda/text/utf8.h"
#include "textlambda/train/counter_random.h"

namespace textlambda::topics {
namespace {

constexpr std::size_t kMostNamingBytes = std::size_t{8} << 20;
constexpr std::size_t kMostNamingTexts = 50000;
constexpr std::uint64_t kNamingStream = 0x4E;
constexpr std::size_t kCandidates = 200;  // of a group, before those that are no names are left out
// Boilerplate: in at least this share of the texts of more than half of the groups.
constexpr double kNearlyEvery = 0.8;
// Less of a difference between inside and outside tells nothing, however many texts show it.
constexpr double kLeastRatio = 1.5;
// A pair of words that tells nearly as much as one of them says more to a reader.
constexpr double kNearlyAsMuch = 0.9;
constexpr std::size_t kTermsInLabel = 3;

// Distinct texts and their groups, as many as names are made from.
struct NamingSample {
  std::vector<corpus::MemoryRow> rows;
  std::vector<std::uint32_t> groups;
};

NamingSample take_sample(const corpus::RowSource& corpus, const Collection& collection,
                         std::span<const std::uint32_t> texts, std::span<const std::uint32_t> groups) {
  std::vector<std::uint32_t> chosen(texts.size());
  for (std::size_t i = 0; i < chosen.size(); ++i) chosen[i] = static_cast<std::uint32_t>(i);
  const std::uint64_t mean = corpus.bytes() / std::max<std::size_t>(collection.text_count, 1) + 1;
  const auto wanted = std::clamp<std::size_t>(kMostNamingBytes / mean, 1000, kMostNamingTexts);
  if (wanted < chosen.size()) {
    train::shuffle(chosen, train::CounterRandom(1, kNamingStream));
    chosen.resize(wanted);
    std::sort(chosen.begin(), chosen.end());
  }
  NamingSample sample;
  auto next = chosen.begin();
  std::size_t number = 0;
  std::size_t bytes = 0;
  const auto& blocks = collection.documents.unlabelled.blocks;
  for (std::size_t part = 0; part < blocks.size() && next != chosen.end(); ++part) {
    if (collection.distinct[texts[*next]] >= number + blocks[part].size()) {
      number += blocks[part].size();
      continue;
    }
    corpus.read(part, [&](const corpus::Example& row) {
      if (next != chosen.end() && collection.distinct[texts[*next]] == number) {
        if (bytes < 2 * kMostNamingBytes) {
          bytes += row.text.size();
          sample.rows.push_back({std::string(row.text), "", {}});
          sample.groups.push_back(groups[*next]);
        }
        ++next;
      }
      ++number;
      return true;
    });
    corpus.release(part);
  }
  return sample;
}

struct Candidate {
  double divergence = 0;
  std::uint32_t feature = 0;
  double inside = 0;
  double outside = 0;

  // The more telling first, the more frequent n-gram where they are equal.
  friend bool operator<(const Candidate& a, const Candidate& b) {
    return a.divergence != b.divergence ? a.divergence > b.divergence : a.feature < b.feature;
  }
};

double divergence_of(double inside, double outside) {
  const double rest = inside < 1 ? (1 - inside) * std::log((1 - inside) / (1 - outside)) : 0;
  return inside * std::log(inside / outside) + rest;
}

// Each group's most telling n-grams, whatever they are.
std::vector<std::vector<Candidate>> find_candidates(const TermMatrix& words, const std::vector<std::uint32_t>& groups,
                                                    std::size_t k) {
  std::vector<double> sizes(k, 0);
  for (const std::uint32_t group : groups) ++sizes[group];
  const auto all = static_cast<double>(groups.size());
  std::vector<std::vector<Candidate>> candidates(k);
  std::vector<double> counts(k);
  for (std::size_t feature = 0; feature < words.rows(); ++feature) {
    const features::SparseRow row = words.row(feature);
    std::fill(counts.begin(), counts.end(), 0);
    for (std::size_t i = 0; i < row.size; ++i) ++counts[groups[row.ids[i]]];
    std::size_t full = 0;
    for (std::size_t group = 0; group < k; ++group) full += counts[group] >= kNearlyEvery * sizes[group] ? 1 : 0;
    if (full * 2 > k && k > 2) continue;
    for (std::size_t group = 0; group < k; ++group) {
      if (counts[group] < 2) continue;
      const double inside = counts[group] / sizes[group];
      // Half a text more, so that nothing is never.
      const double outside = (static_cast<double>(row.size) - counts[group] + 0.5) / (all - sizes[group] + 1);
      if (inside < kLeastRatio * outside) continue;
      std::vector<Candidate>& list = candidates[group];
      list.push_back({divergence_of(inside, outside), static_cast<std::uint32_t>(feature), inside, outside});
      if (list.size() < 2 * kCandidates) continue;
      std::nth_element(list.begin(), list.begin() + kCandidates, list.end());
      list.resize(kCandidates);
    }
  }
  for (std::vector<Candidate>& list : candidates) std::sort(list.begin(), list.end());
  return candidates;
}

// An n-gram's words; what tells whether they make a name.
using Words = std::vector<std::string>;

Words split(std::string_view n_gram) {
  Words words;
  for (std::size_t begin = 0; begin <= n_gram.size();) {
    const std::size_t end = std::min(n_gram.find(' ', begin), n_gram.size());
    words.emplace_back(n_gram.substr(begin, end - begin));
    begin = end + 1;
  }
  return words;
}

// What is left of English contractions when the apostrophe parts them.
constexpr std::string_view kContractions =
    "aren couldn didn doesn don hadn hasn haven isn ll re shouldn ve wasn weren won wouldn";

class NameRules {
 public:
  NameRules()
      : stop_words_(features::hash_stop_words(
            std::string(features::english_stop_words()) + " " + std::string(kContractions), {})) {}

  // The words as they are written together; empty where they are no name.
  std::string name_of(const Words& words) {
    bool spaced = true;
    bool has_letter = false;
    for (std::size_t i = 0; i < words.size(); ++i) {
      text_.assign(words[i], {});
      const std::size_t length = text_.size() - 2;  // a space at either end
      switch (text::character_class(text_.data()[1])) {
        case text::CharacterClass::ideograph:
          spaced = false;
          has_letter = true;
          continue;
        case text::CharacterClass::punctuation:
        case text::CharacterClass::space:
          return "";
        case text::CharacterClass::word:
          break;
      }
      if (length == 1) return "";
      for (std::size_t at = 1; at <= length; ++at) {
        has_letter = has_letter || text_.data()[at] < U'0' || text_.data()[at] > U'9';
      }
      const bool at_end = i == 0 || i + 1 == words.size();
      const std::uint64_t hash = features::hash_token(text_.data() + 1, text_.data() + 1 + length);
      if (at_end && std::binary_search(stop_words_.begin(), stop_words_.end(), hash)) return "";
    }
    if (!has_letter || (!spaced && words.size() == 1)) return "";
    std::string name;
    for (const std::string& word : words) name += (name.empty() || !spaced ? "" : " ") + word;
    return name;
  }

 private:
  std::vector<std::uint64_t> stop_words_;
  text::NormalisedText text_;
};

// Whether one is within the other, as "rate" is in "exchange rate" and in "rates"; of characters, whether they share
// one: pairs of neighbours overlap.
bool are_kin(const std::string& a, const std::string& b) {
  const std::string& longer = a.size() < b.size() ? b : a;
  const std::string& shorter = a.size() < b.size() ? a : b;
  if (longer.find(shorter) != std::string::npos) return true;
  for (std::size_t at = 0; at < shorter.size();) {
    const std::size_t begin = at;
    const char32_t code = text::next_code_point(shorter, at);
    if (text::character_class(code) != text::CharacterClass::ideograph) return false;
    if (longer.find(shorter.substr(begin, at - begin)) != std::string::npos) return true;
  }
  return false;
}

// The strings of the features that are candidates, found in the first text that has each.
std::unordered_map<std::uint32_t, std::string> find_strings(const std::vector<std::vector<Candidate>>& candidates,
                                                            const TermMatrix& words,
                                                            const train::Vocabulary& vocabulary,
                                                            const std::vector<std::string_view>& texts,
                                                            const features::FeatureOptions& options) {
  std::map<std::uint32_t, std::set<std::uint32_t>> wanted;  // a text: features
  for (const std::vector<Candidate>& list : candidates) {
    for (const Candidate& candidate : list) wanted[words.row(candidate.feature).ids[0]].insert(candidate.feature);
  }
  std::unordered_map<std::uint32_t, std::string> strings;
  for (const auto& [text, features_here] : wanted) {
    std::unordered_map<std::uint32_t, std::uint32_t> by_hash;
    for (const std::uint32_t feature : features_here) by_hash.emplace(vocabulary.hashes[feature], feature);
    features::for_each_named_n_gram(
        texts[text], options, [&](features::Group, std::uint64_t hash, const auto& make_string) {
          const auto found = by_hash.find(static_cast<std::uint32_t>(hash >> (64 - vocabulary.hash_bits)));
          if (found == by_hash.end()) return;
          strings.emplace(found->second, make_string());
          by_hash.erase(found);
        });
  }
  return strings;
}

std::vector<GroupTerm> choose_names(const std::vector<Candidate>& candidates,
                                    const std::unordered_map<std::uint32_t, std::string>& strings, NameRules& rules) {
  struct Named {
    Words words;
    std::string name;
    const Candidate* candidate;
  };
  std::vector<Named> list;
  std::map<std::string, double> single;  // a telling word: its divergence
  for (const Candidate& candidate : candidates) {
    const auto string = strings.find(candidate.feature);
    if (string == strings.end()) continue;  // two n-grams share a hash
    Words words = split(string->second);
    std::string name = rules.name_of(words);
    if (name.empty()) continue;
    if (words.size() == 1) single.emplace(words[0], candidate.divergence);
    list.push_back({std::move(words), std::move(name), &candidate});
  }
  // A pair is one where both of its words tell something; written without a space, it is one of characters.
  const auto is_loose = [&](const Named& named) {
    return named.name.find(' ') != std::string::npos &&
           std::any_of(named.words.begin(), named.words.end(),
                       [&](const std::string& word) { return !single.contains(word); });
  };
  std::erase_if(list, is_loose);
  std::set<std::string> absorbed;
  for (const Named& named : list) {
    if (named.words.size() < 2) continue;
    for (const std::string& word : named.words) {
      const auto found = single.find(word);
      if (found != single.end() && named.candidate->divergence >= kNearlyAsMuch * found->second) absorbed.insert(word);
    }
  }
  std::vector<GroupTerm> terms;
  for (const Named& named : list) {
    if (terms.size() == kTermsPerGroup) break;
    if (absorbed.contains(named.name)) continue;
    const bool known = std::any_of(terms.begin(), terms.end(),
                                   [&](const GroupTerm& other) { return are_kin(other.text, named.name); });
    if (!known) terms.push_back({named.name, named.candidate->inside, named.candidate->outside});
  }
  return terms;
}

}  // namespace

std::vector<std::vector<GroupTerm>> name_groups(const corpus::RowSource& corpus, const Collection& collection,
                                                std::span<const std::uint32_t> texts,
                                                std::span<const std::uint32_t> groups, std::size_t k,
                                                const io::Executor& executor) {
  NamingSample sample = take_sample(corpus, collection, texts, groups);
  std::vector<std::vector<GroupTerm>> names(k);
  corpus::CorpusOptions reading;
  reading.need_label = false;
  reading.need_text = false;
  const corpus::MemorySource source(std::move(sample.rows), reading, "names");
  const unsigned hash_bits = train::choose_hash_bits(source.bytes());
  features::FeatureOptions options;
  options.words = {1, 2};
  options.characters = {};
  train::LabelledDocuments documents;
  documents.unlabelled =
      train::count_unlabelled(source, {options, hash_bits, std::make_shared<train::MemoryPlan>()}, executor);
  const train::Vocabulary vocabulary = train::build_vocabulary(documents, hash_bits, 2, UINT32_MAX, executor);
  std::vector<std::uint64_t> ends;
  std::vector<std::uint32_t> ids;
  train::BlockTerms open;
  for (const train::DocumentBlock& block : documents.unlabelled.blocks) {
    open.open(block);
    const std::uint64_t before = ids.size();
    ids.insert(ids.end(), open.terms().begin(), open.terms().end());
    for (const std::uint32_t end : block.document_end) ends.push_back(before + end);
  }
  std::vector<float> values(ids.size(), 1);
  const TermMatrix words =
      TermMatrix(vocabulary.size(), std::move(ends), std::move(ids), std::move(values)).transposed();
  const std::vector<std::vector<Candidate>> candidates = find_candidates(words, sample.groups, k);

  std::vector<std::string> kept;
  for (std::size_t part = 0; part < source.partition_count(); ++part) {
    source.read(part, [&](const corpus::Example& row) {
      kept.emplace_back(row.text);
      return true;
    });
  }
  const auto strings =
      find_strings(candidates, words, vocabulary, std::vector<std::string_view>(kept.begin(), kept.end()), options);
  NameRules rules;
  for (std::size_t group = 0; group < k; ++group) names[group] = choose_names(candidates[group], strings, rules);
  return names;
}

std::vector<std::string> make_labels(const std::vector<std::vector<GroupTerm>>& terms) {
  std::vector<std::string> labels;
  std::set<std::string> taken;
  for (std::size_t group = 0; group < terms.size(); ++group) {
    std::string label;
    std::size_t used = 0;
    for (; used < std::min(kTermsInLabel, terms[group].size()); ++used) {
      label += (used == 0 ? "" : ", ") + terms[group][used].text;
    }
    if (label.empty()) label = "group " + std::to_string(group + 1);
    while (taken.contains(label) && used < terms[group].size()) label += ", " + terms[group][used++].text;
    const std::string base = label;
    for (int number = 2; !taken.insert(label).second; ++number) label = base + " (" + std::to_string(number) + ")";
    labels.push_back(label);
  }
  return labels;
}

}  // namespace textlambda::topics
