#include "textlambda/topics/collection.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <unordered_set>
#include <utility>

#include "textlambda/features/n_gram_hash.h"
#include "textlambda/features/weighting.h"
#include "textlambda/text/normaliser.h"
#include "textlambda/text/tokenizer.h"

namespace textlambda::topics {
namespace {

constexpr std::uint32_t kNoColumn = UINT32_MAX;
constexpr unsigned kLeastTexts = 2;  // that a word has to be in

// What chunks spread over the corpus tell of its writing.
struct Writing {
  double unspaced_share = 0;                      // of the tokens: single characters of a script without spaces
  std::unordered_set<std::uint64_t> punctuation;  // hashes of n-grams of one token
};

Writing sample_writing(const corpus::RowSource& corpus) {
  constexpr std::size_t kSamples = 8;
  constexpr std::size_t kTextsPerSample = 500;
  const std::size_t chunks = corpus.partition_count();
  const std::size_t samples = std::min(kSamples, chunks);
  std::size_t words = 0;
  std::size_t characters = 0;
  Writing writing;
  text::NormalisedText text;
  for (std::size_t sample = 0; sample < samples; ++sample) {
    std::size_t left = kTextsPerSample;
    corpus.read(sample * chunks / samples, [&](const corpus::Example& row) {
      text.assign(row.text, {});
      text::for_each_token(text.data(), text.size(), [&](std::size_t begin, std::size_t end) {
        switch (text::character_class(text.data()[begin])) {
          case text::CharacterClass::word:
            ++words;
            break;
          case text::CharacterClass::ideograph:
            ++characters;
            break;
          case text::CharacterClass::punctuation: {
            const std::uint64_t token = features::hash_token(text.data() + begin, text.data() + end);
            writing.punctuation.insert(features::hash_finish(features::hash_step(features::kWordSeed, token)));
            break;
          }
          case text::CharacterClass::space:
            break;
        }
      });
      return --left > 0;
    });
  }
  const std::size_t all = words + characters;
  writing.unspaced_share = all == 0 ? 0 : static_cast<double>(characters) / static_cast<double>(all);
  return writing;
}

}  // namespace

Collection read_collection(const corpus::RowSource& corpus, const io::Executor& executor,
                           const train::ReadProgress& progress) {
  Collection collection;
  const Writing writing = sample_writing(corpus);
  const bool unspaced = writing.unspaced_share > 0.5;
  collection.features.words = unspaced ? features::NGramRange{1, 2} : features::NGramRange{1, 1};
  collection.features.characters = {};
  const unsigned hash_bits = train::choose_hash_bits(corpus.bytes());
  train::Sightings sightings(hash_bits, executor.workers());
  const train::Counting counting{
      collection.features, hash_bits, std::make_shared<train::MemoryPlan>(),
      [&](const train::DocumentBlock& block, unsigned worker) { sightings.meet(block, worker); }};
  train::UnlabelledDocuments& texts = collection.documents.unlabelled;
  texts = train::count_unlabelled(corpus, counting, executor);
  if (progress) progress(1, 1);
  collection.text_count = texts.count;
  collection.vocabulary =
      train::build_vocabulary(collection.documents, std::move(sightings), kLeastTexts, UINT32_MAX, executor);
  // Between characters punctuation tells where words end; beside words it tells how somebody writes, not what of.
  std::unordered_set<std::uint32_t> punctuation;
  if (!unspaced) {
    for (const std::uint64_t hash : writing.punctuation) {
      punctuation.insert(static_cast<std::uint32_t>(hash >> (64 - hash_bits)));
    }
  }
  for (const std::uint32_t hash : collection.vocabulary.hashes) {
    collection.usable.push_back(punctuation.contains(hash) ? 0 : 1);
  }
  std::unordered_set<std::uint64_t> met;
  met.reserve(texts.count);
  std::uint32_t number = 0;
  for (const train::DocumentBlock& block : texts.blocks) {
    for (const std::uint64_t gist : block.gists) {
      if (met.insert(gist).second) collection.distinct.push_back(number);
      ++number;
    }
  }
  return collection;
}

WeightedTexts weigh_texts(const Collection& collection, double most_texts, std::size_t most_features) {
  constexpr std::size_t kFewTexts = 10;
  const std::size_t count = collection.distinct.size();
  std::vector<std::uint32_t> frequencies(collection.vocabulary.size(), 0);
  for_each_distinct(collection, [&](std::span<const std::uint32_t> terms, auto) {
    for (const std::uint32_t term : terms) ++frequencies[term];
  });
  const auto most =
      std::max(static_cast<std::size_t>(most_texts * static_cast<double>(count)), std::min(kFewTexts, count / 2));
  WeightedTexts weighted;
  std::vector<std::uint32_t> columns(frequencies.size(), kNoColumn);
  std::uint64_t entries = 0;
  // The vocabulary has the most frequent first, near-duplicates included.
  for (std::size_t feature = 0; feature < frequencies.size() && weighted.features.size() < most_features; ++feature) {
    if (collection.usable[feature] == 0 || frequencies[feature] < kLeastTexts || frequencies[feature] > most) continue;
    columns[feature] = static_cast<std::uint32_t>(weighted.features.size());
    weighted.features.push_back(static_cast<std::uint32_t>(feature));
    const double idf = std::log((1 + static_cast<double>(count)) / (1 + static_cast<double>(frequencies[feature]))) + 1;
    weighted.idf.push_back(static_cast<float>(idf));
    entries += frequencies[feature];
  }
  std::vector<std::uint64_t> ends;
  std::vector<std::uint32_t> ids;
  std::vector<float> values;
  ends.reserve(count);
  ids.reserve(entries);
  values.reserve(entries);
  std::vector<std::uint8_t> counts;
  for_each_distinct(collection, [&](std::span<const std::uint32_t> terms, std::span<const std::uint8_t> how_often) {
    counts.clear();
    const std::size_t begin = ids.size();
    for (std::size_t i = 0; i < terms.size(); ++i) {
      if (columns[terms[i]] == kNoColumn) continue;
      ids.push_back(columns[terms[i]]);
      counts.push_back(how_often[i]);
    }
    values.resize(ids.size());
    features::weigh_group(
        counts.size(), [&](std::size_t i) { return counts[i]; },
        [&](std::size_t i) { return weighted.idf[ids[begin + i]]; }, values.data() + begin);
    ends.push_back(ids.size());
  });
  weighted.matrix = TermMatrix(weighted.features.size(), std::move(ends), std::move(ids), std::move(values));
  return weighted;
}

}  // namespace textlambda::topics
