// What texts without labels say about labels: a naive Bayes classifier fitted to labelled and unlabelled texts by
// expectation maximisation (Nigam, McCallum, Thrun and Mitchell, "Text classification from labeled and unlabeled
// documents using EM", Machine Learning 39, 2000), started from the linear model's opinion and mixed with it. Alone it
// can be far worse than the linear model; the two together are better than either (docs/learning.md).
//
// Texts are words, (1 + ln tf) · idf, of length 1; what a label's texts add up to is smoothed by the background of all
// texts, and the likelihoods are tempered: a word that comes twice is no second witness.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "textlambda/io/executor.h"
#include "textlambda/train/document_counts.h"

namespace textlambda::train {

struct TeachingTexts {
  // Words alone (one a term), after build_vocabulary() over both.
  std::span<const DocumentBlock> labelled;
  std::span<const DocumentBlock> unlabelled;
  std::span<const std::uint32_t> document_frequencies;  // a term
  std::size_t label_count = 0;
  // A flag a labelled text: not 0 where it is to be left out, as if it were not there.
  std::span<const std::uint8_t> left_out;
};

// `logits`: the linear model's, label_count for each unlabelled text in order. Returns probabilities in the same shape.
// The same for any number of threads.
std::vector<float> teach(const TeachingTexts& texts, std::span<const float> logits, const io::Executor& executor);

}  // namespace textlambda::train
