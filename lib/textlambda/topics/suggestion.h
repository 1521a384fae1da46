// How many groups? What fits with each of several numbers of them look like, side by side: how well they explain texts
// that they have not seen, whether two of them, fitted to different texts, sort a third part alike, and the sizes. None
// of it finds the number that somebody would choose (docs/topics.md): it shows what a choice costs.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "textlambda/corpus/row_source.h"
#include "textlambda/io/executor.h"
#include "textlambda/topics/options.h"

namespace textlambda::topics {

struct KTrial {
  std::size_t k = 0;
  std::size_t groups = 0;  // that a text came to: the smaller number of the two fits'
  // Of texts that were held out, mean over them and both fits: by how many nats a text's words are likelier in the
  // mixture than in the corpus at large.
  double likelihood = 0;
  double agreement = 0;  // of both fits on those texts: the adjusted Rand index, 1 for the same groups, 0 for chance,
                         // and for one group
  double largest = 0;    // shares of those texts, in the first fit
  double smallest = 0;
};

struct KSuggestion {
  std::size_t texts = 0;           // of the corpus
  std::size_t distinct_texts = 0;  // near-duplicates once
  std::size_t fitted_texts = 0;    // by each of the two fits
  std::size_t held_out_texts = 0;
  std::vector<KTrial> trials;  // by rising k
};

// `options.k`: the largest number to try; 0: 50. The numbers are 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50, 60,
// 80, 100, … up to that, and to a tenth of the texts of a fit. Of more than `kMostTried` texts a sample. Depends on
// corpus and options alone. Throws as find_topics() does, and Error(input_output) for too few texts to hold some out.
inline constexpr std::size_t kMostTried = 20000;
KSuggestion suggest_k(const corpus::RowSource& corpus, const TopicOptions& options, const io::Executor& executor,
                      const std::function<void(double share)>& progress);

std::string to_text(const KSuggestion& suggestion);
// {"documents", "distinct_documents", "fitted_documents", "held_out_documents", "trials": [{…}]}
std::string to_json(const KSuggestion& suggestion);
// A page with a picture of each figure.
std::string to_html(const KSuggestion& suggestion);

}  // namespace textlambda::topics
