// What is taken from a text. Stored in the model, so that training and serving cannot differ.
#pragma once

#include <cstdint>
#include <vector>

#include "textlambda/text/normaliser.h"

namespace textlambda::features {

struct NGramRange {
  int min = 0;  // 0 with max 0: none of this kind
  int max = 0;

  bool empty() const { return max == 0; }
  friend bool operator==(const NGramRange&, const NGramRange&) = default;
};

inline constexpr int kMaxWordNGram = 5;
inline constexpr int kMaxCharacterNGram = 8;
inline constexpr int kMaxNegationScope = 15;

struct FeatureOptions {
  text::NormaliserOptions normaliser;
  // Runs of tokens. 1-2 is the best single choice; 3 rarely pays.
  NGramRange words{1, 2};
  // Runs of code points within white-space-delimited chunks, the spaces at their ends included. They pay on short
  // texts.
  NGramRange characters{2, 5};
  // A token at most this many behind a negator ("not", "n't", 不) counts once more, as a negated one (negation.h). 0:
  // none.
  int negation_scope = 0;
  // Sorted hashes (hash_token) of words to leave out; empty: none. Common words are informative: rarely worth setting.
  std::vector<std::uint64_t> stop_words;
};

// The largest count of one n-gram in a text that is told apart: more count as this many.
inline constexpr unsigned kMaxTermFrequency = 255;

// An explanation why the options make no sense, or nullptr: one place for the trainer and the model loader.
const char* find_flaw(const FeatureOptions& options);

}  // namespace textlambda::features
