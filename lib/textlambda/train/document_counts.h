// First stage of training: the corpus as counted, hashed n-grams, a block a chunk of the corpus. No strings are kept
// but the labels' names.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "textlambda/corpus/row_source.h"
#include "textlambda/features/options.h"
#include "textlambda/io/executor.h"
#include "textlambda/train/document_block.h"
#include "textlambda/train/memory_plan.h"

namespace textlambda::train {

std::size_t count_documents_in(std::span<const DocumentBlock> blocks);

// What documents without a label are guessed to be: each some labels, by as many documents as it counts for.
struct Guesses {
  struct Share {
    std::uint32_t label = 0;
    float documents = 0;  // less than one
  };

  std::vector<std::uint32_t> end;  // a document: of its shares
  std::vector<Share> shares;       // by rising label

  std::size_t size() const { return end.size(); }
  std::span<const Share> operator[](std::size_t document) const {
    const std::uint32_t begin = document == 0 ? 0 : end[document - 1];
    return {shares.data() + begin, static_cast<std::size_t>(end[document]) - begin};
  }
};

// Documents that come with no label; unlabelled.h says what they are good for.
struct UnlabelledDocuments {
  std::vector<DocumentBlock> blocks;  // without labels
  std::size_t count = 0;
  // By what has seen all labels; then, a part of the documents that is held out, by what has not seen that. None: the
  // documents are no more than further texts that n-grams occur in.
  std::vector<Guesses> guesses;

  // Null where there are none.
  const Guesses* guesses_without(std::size_t part) const { return guesses.empty() ? nullptr : &guesses[part]; }
};

struct LabelledDocuments {
  std::vector<DocumentBlock> blocks;        // one a chunk, in the corpus's order
  std::vector<std::string> labels;          // sorted by their bytes
  std::vector<std::uint64_t> label_counts;  // documents a label
  std::size_t document_count = 0;
  corpus::PartitionSummary rows;            // of the whole corpus; `line` of a bad row needs bad_row_chunks
  std::vector<std::size_t> bad_row_chunks;  // the chunk of each of rows.bad_rows
  UnlabelledDocuments unlabelled;           // numbered behind the others
  // Of all that is made of them.
  std::shared_ptr<MemoryPlan> memory = std::make_shared<MemoryPlan>();
};

// Pointers to all blocks, those without labels behind the others.
template <typename Documents>
auto all_blocks(Documents& documents) {
  std::vector<decltype(documents.blocks.data())> all;
  for (auto& block : documents.blocks) all.push_back(&block);
  for (auto& block : documents.unlabelled.blocks) all.push_back(&block);
  return all;
}

// The number of each block's first document, in the same order.
std::vector<std::size_t> first_documents(const LabelledDocuments& documents);

// Called with the chunks done and all chunks, from any thread but never from two at once.
using ReadProgress = std::function<void(std::size_t done, std::size_t total)>;

// How documents are counted.
struct Counting {
  features::FeatureOptions features;
  unsigned hash_bits = 0;  // n-grams are told apart by the upper 1 … 32 bits of their hash
  std::shared_ptr<MemoryPlan> memory = std::make_shared<MemoryPlan>();
  // Called with each block's n-grams while they are at hand, before they go where they stay; from the executor's worker
  // of that number.
  std::function<void(const DocumentBlock& block, unsigned worker)> counted = {};
};

// Throws Error(input_output) as the corpus does, and for a corpus without rows or with one label only.
LabelledDocuments count_documents(const corpus::RowSource& corpus, const Counting& counting,
                                  const io::Executor& executor, const ReadProgress& progress);

// The texts of a source alone.
UnlabelledDocuments count_unlabelled(const corpus::RowSource& texts, const Counting& counting,
                                     const io::Executor& executor);

// What chunks spread over the corpus (about 1 MB at most) tell of it.
struct CorpusSample {
  double mean_text_bytes = 0;
  std::size_t labels = 0;  // different ones met
  // Of the texts, those that are written like source code: every 25th character is a sign such as { or =.
  double code_share = 0;
};
CorpusSample sample_corpus(const corpus::RowSource& corpus, const io::Executor& executor);

}  // namespace textlambda::train
