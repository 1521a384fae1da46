// Some of the documents of a corpus.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "textlambda/train/document_counts.h"

namespace textlambda::train {

// Calls visit(block, terms, document) for each labelled document that is flagged, in the corpus's order.
template <typename Visit>
void for_each_flagged(const LabelledDocuments& documents, const std::vector<std::uint8_t>& flags, Visit&& visit) {
  std::size_t index = 0;
  BlockTerms terms;
  for (const DocumentBlock& block : documents.blocks) {
    bool open = false;
    for (std::size_t document = 0; document < block.size(); ++document) {
      if (flags[index++] == 0) continue;
      if (!open) terms.open(block);
      open = true;
      visit(block, terms, document);
    }
  }
}

// Their n-grams and labels, copied into small blocks in memory.
LabelledDocuments take_flagged(const LabelledDocuments& documents, const std::vector<std::uint8_t>& flags);

}  // namespace textlambda::train
