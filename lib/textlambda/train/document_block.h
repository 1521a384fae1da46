// The documents of one chunk of a corpus as counted n-grams.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "textlambda/train/term_store.h"

namespace textlambda::train {

// Terms of a document stand together, word n-grams first.
struct DocumentBlock {
  // Read through BlockTerms: a block that is complete has them in a store.
  UnfilledVector<std::uint32_t> terms;      // n-gram: the upper bits of its hash; later the feature's number
  UnfilledVector<std::uint8_t> counts;      // how often in the document, at most kMaxTermFrequency
  StoredTerms stored;                       // those two, instead
  std::vector<std::uint32_t> words_end;     // a document: end of its word n-grams in `terms`
  std::vector<std::uint32_t> document_end;  // a document: end of all its n-grams
  std::vector<std::uint32_t> labels;        // a document: index into LabelledDocuments::labels
  std::vector<std::uint32_t> n_grams;       // a document: occurrences of n-grams of both kinds, features or not
  std::vector<std::uint32_t> characters;    // a document: as model::DocumentTraits has them
  std::vector<std::uint64_t> row_hashes;    // a document: features::row_hash() of its text
  std::vector<std::uint64_t> seen_texts;    // a document: features::TextTerms::fingerprint() of its text
  std::vector<std::uint64_t> gists;         // a document: features::TextTerms::gist() of its text

  std::size_t size() const { return words_end.size(); }
  std::uint32_t begin(std::size_t document) const { return document == 0 ? 0 : document_end[document - 1]; }
  std::size_t term_count() const { return document_end.empty() ? 0 : document_end.back(); }

  // `terms` and `counts` are complete: into the store, and empty afterwards.
  void store(const std::shared_ptr<TermStore>& to) {
    stored = StoredTerms(to, terms, counts);
    terms.clear();
    counts.clear();
  }
};

// A block's terms and counts, wherever they are; brought into memory for as long as this lives, or until it is given
// another block. Not thread-safe: one a thread.
class BlockTerms {
 public:
  BlockTerms() = default;
  explicit BlockTerms(const DocumentBlock& block) { open(block); }

  void open(const DocumentBlock& block) {
    if (!block.stored.exists()) {
      terms_ = block.terms;
      counts_ = block.counts;
    } else if (block.stored.in_memory()) {
      terms_ = {block.stored.terms(), block.stored.size()};
      counts_ = {block.stored.counts(), block.stored.size()};
    } else {
      block.stored.read(term_buffer_, count_buffer_);
      terms_ = term_buffer_;
      counts_ = count_buffer_;
    }
  }
  std::span<const std::uint32_t> terms() const { return terms_; }
  std::span<const std::uint8_t> counts() const { return counts_; }

 private:
  std::span<const std::uint32_t> terms_;
  std::span<const std::uint8_t> counts_;
  UnfilledVector<std::uint32_t> term_buffer_;
  UnfilledVector<std::uint8_t> count_buffer_;
};

}  // namespace textlambda::train
