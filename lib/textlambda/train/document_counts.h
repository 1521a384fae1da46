// First stage of training: the corpus as counted, hashed n-grams, a block a chunk of the corpus. No strings are kept
// but the labels' names.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "textlambda/corpus/row_source.h"
#include "textlambda/features/options.h"
#include "textlambda/io/executor.h"

namespace textlambda::train {

// The documents of one chunk. Terms of a document stand together, word n-grams first.
struct DocumentBlock {
  std::vector<std::uint32_t> terms;         // n-gram: the upper bits of its hash; later the feature's number
  std::vector<std::uint8_t> counts;         // how often in the document, at most kMaxTermFrequency
  std::vector<std::uint32_t> words_end;     // a document: end of its word n-grams in `terms`
  std::vector<std::uint32_t> document_end;  // a document: end of all its n-grams
  std::vector<std::uint32_t> labels;        // a document: index into LabelledDocuments::labels
  std::vector<std::uint32_t> n_grams;       // a document: occurrences of n-grams of both kinds, features or not
  std::vector<std::uint32_t> characters;    // a document: as model::DocumentTraits has them
  std::vector<std::uint64_t> row_hashes;    // a document: features::row_hash() of its text
  std::vector<std::uint64_t> seen_texts;    // a document: features::TextTerms::fingerprint() of its text

  std::size_t size() const { return labels.size(); }
  std::uint32_t begin(std::size_t document) const { return document == 0 ? 0 : document_end[document - 1]; }
};

struct LabelledDocuments {
  std::vector<DocumentBlock> blocks;        // one a chunk, in the corpus's order
  std::vector<std::string> labels;          // sorted by their bytes
  std::vector<std::uint64_t> label_counts;  // documents a label
  std::size_t document_count = 0;
  corpus::PartitionSummary rows;            // of the whole corpus; `line` of a bad row needs bad_row_chunks
  std::vector<std::size_t> bad_row_chunks;  // the chunk of each of rows.bad_rows
};

// Called with the chunks done and all chunks, from any thread but never from two at once.
using ReadProgress = std::function<void(std::size_t done, std::size_t total)>;

// N-grams are told apart by the upper `hash_bits` (1 … 32) bits of their hash. Throws Error(input_output) as the corpus
// does, and for a corpus without rows or with one label only.
LabelledDocuments count_documents(const corpus::RowSource& corpus, const features::FeatureOptions& options,
                                  unsigned hash_bits, const io::Executor& executor, const ReadProgress& progress);

// What chunks spread over the corpus (about 1 MB at most) tell of it.
struct CorpusSample {
  double mean_text_bytes = 0;
  std::size_t labels = 0;  // different ones met
};
CorpusSample sample_corpus(const corpus::RowSource& corpus);

}  // namespace textlambda::train
