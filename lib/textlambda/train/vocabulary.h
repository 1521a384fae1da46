// Which n-grams become features, and their numbers: those found in enough documents, the most frequent first, so that
// the weights needed most often share cache lines.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "textlambda/features/n_grams.h"
#include "textlambda/io/executor.h"
#include "textlambda/train/document_counts.h"
#include "textlambda/train/matrix_memory.h"

namespace textlambda::train {

struct Vocabulary {
  unsigned hash_bits = 0;                           // n-grams are told apart by this many bits of their hash
  std::vector<std::uint32_t> document_frequencies;  // a feature; falling
  std::vector<std::uint32_t> hashes;                // a feature: the upper hash_bits of its n-gram's hash
  std::vector<features::Group> groups;              // a feature
  std::size_t found = 0;                            // different n-grams before pruning

  std::size_t size() const { return hashes.size(); }
};

// Which n-grams there are, and which in more than one document. Two bits for each that is possible: small enough to be
// filled while documents are counted. Thread-safe; the outcome depends neither on the order nor on the threads.
class Sightings {
 public:
  Sightings(unsigned hash_bits, unsigned workers);

  // Each block once, its terms hashes; `worker` below the number given, one a thread.
  void meet(const DocumentBlock& block, unsigned worker);

  unsigned hash_bits() const { return hash_bits_; }
  std::size_t bytes() const;

 private:
  friend class Candidates;

  // 32 n-grams a word, words' n-grams first, characters' behind. Low half: met; high half: met again.
  using Table = MatrixVector<std::uint64_t>;

  template <typename Meet>
  void meet_all(const DocumentBlock& block, Table& table, Meet&& meet) const;

  unsigned hash_bits_;
  bool shared_;  // one table for all workers
  std::vector<Table> tables_;
};

// Builds the vocabulary and renumbers `documents` in place: terms become feature numbers, terms without one are
// dropped. `sightings` have met all blocks. At most `max_features` are kept, the most frequent. The same for any number
// of threads.
Vocabulary build_vocabulary(LabelledDocuments& documents, Sightings sightings, unsigned min_documents,
                            std::size_t max_features, const io::Executor& executor);

// The same of documents that nothing has met yet.
Vocabulary build_vocabulary(LabelledDocuments& documents, unsigned hash_bits, unsigned min_documents,
                            std::size_t max_features, const io::Executor& executor);

// Enough bits that few n-grams of a corpus of so many bytes share a hash, without the tables leaving the processor's
// cache: ⌈log2 bytes⌉ + 2, within 18 … 25.
unsigned choose_hash_bits(std::uint64_t corpus_bytes);

}  // namespace textlambda::train
