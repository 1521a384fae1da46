#include "textlambda/topics/weighed_corpus.h"

#include <utility>

#include <fmt/format.h>

#include "textlambda/io/error.h"
#include "textlambda/text/count.h"

namespace textlambda::topics {
namespace {

std::string names_of(const corpus::RowSource& corpus) {
  std::string names;
  for (const corpus::InputDescription& input : corpus.inputs()) names += (names.empty() ? "" : ", ") + input.name;
  return names;
}

void check_texts(const std::string& names, const Collection& collection, std::size_t k) {
  const std::size_t distinct = collection.distinct.size();
  if (collection.text_count == 0) io::throw_input("has no text, expected a corpus to group", names);
  if (collection.text_count == 1) io::throw_input("has only one text, which makes no groups", names);
  if (distinct == 1) {
    io::throw_input(fmt::format("all {} are the same text, but for numbers, punctuation and the order of words: they "
                                "make no groups",
                                text::counted(collection.text_count, "text")),
                    names);
  }
  if (distinct >= k) return;
  io::throw_input(fmt::format("has {} (near-duplicates count once), expected at least as many as groups: {}",
                              text::counted(distinct, "different text"), k),
                  names);
}

// Whether at least half of the texts have a word that tells something.
bool are_told_apart(const WeightedTexts& texts) {
  std::size_t told = 0;
  for (std::size_t i = 0; i < texts.matrix.rows(); ++i) told += texts.matrix.row(i).size > 0 ? 1 : 0;
  return told * 2 >= texts.matrix.rows();
}

// Where texts are made of few words, each is in many of them: then those count that are in more than `most` of them.
WeightedTexts weigh_enough(const Collection& collection, double most, std::size_t k) {
  constexpr std::size_t kMostWeights = std::size_t{1} << 28;  // 1 GiB
  WeightedTexts texts = weigh_texts(collection, most, kMostWeights / k);
  for (const double more : {0.5, 1.0}) {
    if (are_told_apart(texts)) break;
    if (more > most) texts = weigh_texts(collection, more, kMostWeights / k);
  }
  return texts;
}

void check_words(const std::string& names, const WeightedTexts& texts) {
  if (texts.matrix.entries() > 0) return;
  io::throw_input("no word is in two of the texts: nothing tells which belong together", names);
}

}  // namespace

WeighedCorpus weigh_corpus(const corpus::RowSource& corpus, const TopicOptions& options, std::size_t least,
                           std::size_t k, const io::Executor& executor) {
  WeighedCorpus weighed;
  weighed.names = names_of(corpus);
  weighed.collection = read_collection(corpus, executor, {});
  check_texts(weighed.names, weighed.collection, least);
  weighed.texts = weigh_enough(weighed.collection, options.most_texts_mixture, k);
  check_words(weighed.names, weighed.texts);
  weighed.rarer = weigh_texts(weighed.collection, options.most_texts_clustering);
  if (!are_told_apart(weighed.rarer)) weighed.rarer = weighed.texts;
  return weighed;
}

}  // namespace textlambda::topics
