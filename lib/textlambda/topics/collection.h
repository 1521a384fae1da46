// Texts without labels as counted words, near-duplicates found, and what a term weighs: (1 + ln tf) · idf, a text's
// vector brought to length 1, just as the model will read a text (features/weighting.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "textlambda/corpus/row_source.h"
#include "textlambda/features/options.h"
#include "textlambda/io/executor.h"
#include "textlambda/topics/term_matrix.h"
#include "textlambda/train/document_counts.h"
#include "textlambda/train/vocabulary.h"

namespace textlambda::topics {

struct Collection {
  features::FeatureOptions features;
  train::LabelledDocuments documents;  // the unlabelled ones, in the corpus's order; terms are features
  train::Vocabulary vocabulary;
  std::vector<std::uint8_t> usable;  // a feature: 0 for punctuation where words are parted by spaces
  // The texts that count: of those that differ at most in numbers, punctuation and the order of their words
  // (features::TextTerms::gist()) the first.
  std::vector<std::uint32_t> distinct;
  std::size_t text_count = 0;
};

// Calls visit(terms, counts) for each distinct text.
template <typename Visit>
void for_each_distinct(const Collection& collection, Visit&& visit) {
  auto next = collection.distinct.begin();
  std::size_t number = 0;
  train::BlockTerms open;
  for (const train::DocumentBlock& block : collection.documents.unlabelled.blocks) {
    open.open(block);
    for (std::size_t document = 0; document < block.size(); ++document, ++number) {
      if (next == collection.distinct.end() || *next != number) continue;
      ++next;
      const std::size_t begin = block.begin(document);
      const std::size_t size = block.document_end[document] - begin;
      visit(open.terms().subspan(begin, size), open.counts().subspan(begin, size));
    }
  }
}

// Words by themselves, without punctuation; where most of a corpus is in a script without spaces between words, its
// characters by ones and twos, and punctuation among them. Throws Error as the source does.
Collection read_collection(const corpus::RowSource& corpus, const io::Executor& executor,
                           const train::ReadProgress& progress);

// Some of a collection's texts as vectors of some of its features.
struct WeightedTexts {
  TermMatrix matrix;                    // a row a text
  std::vector<std::uint32_t> features;  // a column: the vocabulary's number, rising
  std::vector<float> idf;               // a column
};

// All distinct texts, by the words in at least two of them and at most the share `most_texts`: where texts are few, at
// most half or ten of them. Of more than `most_features` the most frequent.
WeightedTexts weigh_texts(const Collection& collection, double most_texts, std::size_t most_features = SIZE_MAX);

}  // namespace textlambda::topics
