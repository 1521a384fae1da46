// Documents as counting leaves them, made by hand.
#pragma once

#include <cstdint>
#include <vector>

#include "textlambda/train/document_counts.h"

namespace textlambda::train {

// One block of documents of single features, each once; no characters.
inline LabelledDocuments make_counted_documents(const std::vector<std::vector<std::uint32_t>>& features,
                                                const std::vector<std::uint32_t>& labels, std::size_t label_count) {
  LabelledDocuments documents;
  documents.blocks.resize(1);
  DocumentBlock& block = documents.blocks[0];
  for (const std::vector<std::uint32_t>& document : features) {
    for (const std::uint32_t feature : document) {
      block.terms.push_back(feature);
      block.counts.push_back(1);
    }
    block.words_end.push_back(static_cast<std::uint32_t>(block.terms.size()));
    block.document_end.push_back(static_cast<std::uint32_t>(block.terms.size()));
  }
  block.labels = labels;
  documents.labels.resize(label_count);
  documents.document_count = features.size();
  return documents;
}

}  // namespace textlambda::train
