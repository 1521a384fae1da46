// A corpus as what its groups are found in, its faults told. Private to this folder.
#pragma once

#include <cstddef>
#include <string>

#include "textlambda/corpus/row_source.h"
#include "textlambda/io/executor.h"
#include "textlambda/topics/collection.h"
#include "textlambda/topics/options.h"

namespace textlambda::topics {

struct WeighedCorpus {
  std::string names;  // of the inputs
  Collection collection;
  WeightedTexts texts;  // by the words that EM goes by
  WeightedTexts rarer;  // and those of the clustering, which are fewer
};

// `least`: different texts that there have to be; `k`: groups that there have to be room for. Throws
// Error(input_output) for texts that cannot be grouped.
WeighedCorpus weigh_corpus(const corpus::RowSource& corpus, const TopicOptions& options, std::size_t least,
                           std::size_t k, const io::Executor& executor);

}  // namespace textlambda::topics
