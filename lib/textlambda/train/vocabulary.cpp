#include "textlambda/train/vocabulary.h"

#include <algorithm>
#include <atomic>
#include <bit>

#include "textlambda/io/executor.h"
#include "textlambda/train/matrix_memory.h"

namespace textlambda::train {
namespace {

constexpr std::uint32_t kNoFeature = UINT32_MAX;

// Two bits for each possible n-gram: met in one document, met in two or more. 32 n-grams a word; words' n-grams first,
// characters' behind. Most n-grams of a corpus occur in one document only, and this table is small enough to find that
// out without leaving the cache.
class SightingTable {
 public:
  explicit SightingTable(unsigned hash_bits)
      : hash_bits_(hash_bits), words_((std::size_t{2} << hash_bits) / 32), ranks_(words_.size() + 1) {}

  std::size_t index(std::uint32_t term, features::Group group) const {
    return (static_cast<std::size_t>(group) << hash_bits_) | term;
  }
  features::Group group(std::size_t index) const { return static_cast<features::Group>(index >> hash_bits_); }
  std::uint32_t term(std::size_t index) const {
    return static_cast<std::uint32_t>(index & ((std::size_t{1} << hash_bits_) - 1));
  }

  // Ask for the memory that meet() or find() of an n-gram will want soon.
  void prefetch_meet(std::size_t index) const { __builtin_prefetch(&words_[index / 32], 1); }
  void prefetch_find(std::size_t index) const {
    __builtin_prefetch(&words_[index / 32]);
    __builtin_prefetch(&ranks_[index / 32]);
  }

  // Thread-safe; the outcome does not depend on the order.
  void meet(std::size_t index) {
    const std::atomic_ref<std::uint64_t> word(words_[index / 32]);
    const std::uint64_t once = std::uint64_t{1} << (index % 32);
    const std::uint64_t twice = once << 32;
    if ((word.load(std::memory_order_relaxed) & twice) != 0) return;
    if ((word.fetch_or(once, std::memory_order_relaxed) & once) != 0) word.fetch_or(twice, std::memory_order_relaxed);
  }

  // After all were met: numbers those met at least twice (or once, where that is enough) from 0 on.
  void number(bool twice) {
    shift_ = twice ? 32 : 0;
    for (std::size_t i = 0; i < words_.size(); ++i) {
      ranks_[i + 1] = ranks_[i] + static_cast<std::uint32_t>(std::popcount(candidates(i)));
      found_ += static_cast<std::size_t>(std::popcount(static_cast<std::uint32_t>(words_[i])));
    }
  }
  std::size_t found() const { return found_; }
  std::size_t candidate_count() const { return ranks_.back(); }
  std::uint32_t find(std::size_t index) const {
    const std::uint32_t bits = candidates(index / 32);
    const std::uint32_t bit = 1U << (index % 32);
    if ((bits & bit) == 0) return kNoFeature;
    return ranks_[index / 32] + static_cast<std::uint32_t>(std::popcount(bits & (bit - 1)));
  }
  // Calls visit(index) for each numbered n-gram, in the order of the numbers.
  template <typename Visit>
  void for_each_candidate(Visit&& visit) const {
    for (std::size_t i = 0; i < words_.size(); ++i) {
      for (std::uint32_t bits = candidates(i); bits != 0; bits &= bits - 1) {
        visit(i * 32 + static_cast<std::size_t>(std::countr_zero(bits)));
      }
    }
  }

 private:
  std::uint32_t candidates(std::size_t word) const { return static_cast<std::uint32_t>(words_[word] >> shift_); }

  unsigned hash_bits_;
  unsigned shift_ = 0;
  MatrixVector<std::uint64_t> words_;
  MatrixVector<std::uint32_t> ranks_;
  std::size_t found_ = 0;
};

// How far ahead memory is asked for, in n-grams. Each n-gram's place in the table is a likely cache miss.
constexpr std::size_t kAhead = 16;

void meet_terms(const DocumentBlock& block, SightingTable& table) {
  std::size_t at = 0;
  const auto meet_until = [&](std::size_t end, features::Group group) {
    for (; at < end; ++at) {
      if (at + kAhead < end) table.prefetch_meet(table.index(block.terms[at + kAhead], group));
      table.meet(table.index(block.terms[at], group));
    }
  };
  for (std::size_t document = 0; document < block.size(); ++document) {
    meet_until(block.words_end[document], features::Group::words);
    meet_until(block.document_end[document], features::Group::characters);
  }
}

// Replaces each term by number(term, group); those without one are dropped, and the memory shrinks to what is left.
// prefetch(term, group) is called some terms ahead.
template <typename Number, typename Prefetch>
void renumber(DocumentBlock& block, Number&& number, Prefetch&& prefetch) {
  std::uint32_t kept = 0;
  std::uint32_t at = 0;
  const auto keep_until = [&](std::uint32_t end, features::Group group) {
    for (; at < end; ++at) {
      if (at + kAhead < end) prefetch(block.terms[at + kAhead], group);
      const std::uint32_t to = number(block.terms[at], group);
      block.terms[kept] = to;
      block.counts[kept] = block.counts[at];
      kept += static_cast<std::uint32_t>(to != kNoFeature);
    }
    return kept;
  };
  for (std::size_t document = 0; document < block.size(); ++document) {
    block.words_end[document] = keep_until(block.words_end[document], features::Group::words);
    block.document_end[document] = keep_until(block.document_end[document], features::Group::characters);
  }
  if (kept == block.terms.size()) return;
  block.terms.resize(kept);
  block.terms.shrink_to_fit();
  block.counts.resize(kept);
  block.counts.shrink_to_fit();
}

// A counting sort: place[i] = rank of candidate i by falling frequency, ties in the order of the candidates; kNoFeature
// for those below `lowest` or beyond `largest_size`. Returns how many have a place.
std::size_t sort_by_frequency(const std::vector<std::uint32_t>& frequencies, std::size_t highest, std::uint32_t lowest,
                              std::size_t largest_size, std::vector<std::uint32_t>& place) {
  std::vector<std::uint32_t> next(highest + 1, 0);
  for (const std::uint32_t frequency : frequencies) ++next[frequency];
  std::uint32_t total = 0;
  for (std::size_t frequency = highest + 1; frequency-- > lowest;) {
    const std::uint32_t count = next[frequency];
    next[frequency] = total;
    total += count;
  }
  place.resize(frequencies.size());
  for (std::size_t i = 0; i < frequencies.size(); ++i) {
    const std::uint32_t rank = frequencies[i] < lowest ? kNoFeature : next[frequencies[i]]++;
    place[i] = rank < largest_size ? rank : kNoFeature;
  }
  return std::min<std::size_t>(total, largest_size);
}

}  // namespace

Vocabulary build_vocabulary(LabelledDocuments& documents, unsigned hash_bits, unsigned min_documents,
                            std::size_t max_features, const io::Executor& executor) {
  std::vector<DocumentBlock>& blocks = documents.blocks;
  SightingTable table(hash_bits);
  executor.run(blocks.size(), [&](std::size_t block, unsigned) { meet_terms(blocks[block], table); });
  table.number(min_documents >= 2);

  // Exact frequencies of what is left, counted a worker and added up: sums of whole numbers, in any order the same.
  std::vector<MatrixVector<std::uint32_t>> counts(executor.workers());
  executor.run(blocks.size(), [&](std::size_t block, unsigned worker) {
    MatrixVector<std::uint32_t>& mine = counts[worker];
    if (mine.empty()) mine.resize(table.candidate_count() + 1);
    renumber(
        blocks[block], [&](std::uint32_t term, features::Group group) { return table.find(table.index(term, group)); },
        [&](std::uint32_t term, features::Group group) { table.prefetch_find(table.index(term, group)); });
    for (const std::uint32_t candidate : blocks[block].terms) ++mine[candidate];
  });
  std::vector<std::uint32_t> frequencies(table.candidate_count(), 0);
  for (MatrixVector<std::uint32_t>& mine : counts) {
    for (std::size_t i = 0; i + 1 < mine.size(); ++i) frequencies[i] += mine[i];
    MatrixVector<std::uint32_t>().swap(mine);
  }

  std::vector<std::uint32_t> place;
  const std::size_t size =
      sort_by_frequency(frequencies, documents.document_count, std::max(min_documents, 1U), max_features, place);
  Vocabulary vocabulary;
  vocabulary.hash_bits = hash_bits;
  vocabulary.found = table.found();
  vocabulary.document_frequencies.resize(size);
  vocabulary.hashes.resize(size);
  vocabulary.groups.resize(size);
  std::size_t candidate = 0;
  table.for_each_candidate([&](std::size_t index) {
    const std::uint32_t feature = place[candidate];
    if (feature != kNoFeature) {
      vocabulary.document_frequencies[feature] = frequencies[candidate];
      vocabulary.hashes[feature] = table.term(index);
      vocabulary.groups[feature] = table.group(index);
    }
    ++candidate;
  });
  executor.run(blocks.size(), [&](std::size_t block, unsigned) {
    renumber(
        blocks[block], [&](std::uint32_t term, features::Group) { return place[term]; },
        [&](std::uint32_t term, features::Group) { __builtin_prefetch(&place[term]); });
  });
  return vocabulary;
}

unsigned choose_hash_bits(std::uint64_t corpus_bytes) {
  const auto bits = static_cast<unsigned>(std::bit_width(corpus_bytes > 0 ? corpus_bytes - 1 : 0));
  return std::clamp(bits + 2, 18U, 25U);
}

}  // namespace textlambda::train
