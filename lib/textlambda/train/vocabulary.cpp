#include "textlambda/train/vocabulary.h"

#include <algorithm>
#include <atomic>
#include <bit>
#include <utility>

#include "textlambda/io/executor.h"
#include "textlambda/train/matrix_memory.h"

namespace textlambda::train {
namespace {

constexpr std::uint32_t kNoFeature = UINT32_MAX;

// How far ahead memory is asked for, in n-grams. Each n-gram's place in the table is a likely cache miss.
constexpr std::size_t kAhead = 16;

// As long as there are so few threads, each has a table of its own: words that go from one processor to another and
// back took longer than the counting.
constexpr unsigned kOwnTables = 4;

std::size_t place_of(std::uint32_t term, features::Group group, unsigned hash_bits) {
  return (static_cast<std::size_t>(group) << hash_bits) | term;
}

}  // namespace

Sightings::Sightings(unsigned hash_bits, unsigned workers) : hash_bits_(hash_bits), shared_(workers > kOwnTables) {
  for (unsigned table = 0; table < (shared_ ? 1 : workers); ++table) {
    tables_.emplace_back((std::size_t{2} << hash_bits) / 32);
  }
}

std::size_t Sightings::bytes() const { return tables_.size() * tables_[0].size() * sizeof(tables_[0][0]); }

void Sightings::meet(const DocumentBlock& block, unsigned worker) {
  if (!shared_) {
    meet_all(block, tables_[worker],
             [](std::uint64_t& word, std::uint64_t once) { word |= once | (word & once) << 32; });
    return;
  }
  meet_all(block, tables_[0], [](std::uint64_t& shared, std::uint64_t once) {
    const std::atomic_ref<std::uint64_t> word(shared);
    const std::uint64_t twice = once << 32;
    if ((word.load(std::memory_order_relaxed) & twice) != 0) return;
    if ((word.fetch_or(once, std::memory_order_relaxed) & once) != 0) word.fetch_or(twice, std::memory_order_relaxed);
  });
}

template <typename Meet>
void Sightings::meet_all(const DocumentBlock& block, Table& table, Meet&& meet) const {
  const auto word_of = [&](std::uint32_t term, features::Group group) -> std::uint64_t& {
    return table[place_of(term, group, hash_bits_) / 32];
  };
  const BlockTerms open(block);
  const std::uint32_t* const terms = open.terms().data();
  std::size_t at = 0;
  const auto meet_until = [&](std::size_t end, features::Group group) {
    for (; at < end; ++at) {
      if (at + kAhead < end) __builtin_prefetch(&word_of(terms[at + kAhead], group), 1);
      meet(word_of(terms[at], group), std::uint64_t{1} << (terms[at] % 32));
    }
  };
  for (std::size_t document = 0; document < block.size(); ++document) {
    meet_until(block.words_end[document], features::Group::words);
    meet_until(block.document_end[document], features::Group::characters);
  }
}

// The n-grams that were met at least twice (or once, where that is enough), numbered from 0 on.
class Candidates {
 public:
  Candidates(Sightings sightings, bool twice)
      : hash_bits_(sightings.hash_bits_), words_(std::move(sightings.tables_[0])) {
    for (std::size_t i = 0; i < words_.size(); ++i) {
      std::uint64_t& word = words_[i];
      for (std::size_t table = 1; table < sightings.tables_.size(); ++table) {
        const std::uint64_t other = sightings.tables_[table][i];
        word |= other | (word & other) << 32;
      }
      const auto met = static_cast<std::uint32_t>(word);
      const std::uint32_t bits = twice ? static_cast<std::uint32_t>(word >> 32) : met;
      word = std::uint64_t{bits} << 32 | size_;
      size_ += static_cast<std::uint32_t>(std::popcount(bits));
      found_ += static_cast<std::size_t>(std::popcount(met));
    }
  }

  // Different n-grams that were met.
  std::size_t found() const { return found_; }
  std::size_t size() const { return size_; }

  void prefetch(std::uint32_t term, features::Group group) const {
    __builtin_prefetch(&words_[place_of(term, group, hash_bits_) / 32]);
  }
  // kNoFeature where it is none.
  std::uint32_t find(std::uint32_t term, features::Group group) const {
    const std::uint64_t word = words_[place_of(term, group, hash_bits_) / 32];
    const std::uint32_t bits = bits_of(word);
    const std::uint32_t bit = 1U << (term % 32);
    if ((bits & bit) == 0) return kNoFeature;
    return static_cast<std::uint32_t>(word) + static_cast<std::uint32_t>(std::popcount(bits & (bit - 1)));
  }

  // Calls visit(term, group) for each, in the order of the numbers.
  template <typename Visit>
  void for_each(Visit&& visit) const {
    const std::size_t mask = (std::size_t{1} << hash_bits_) - 1;
    for (std::size_t i = 0; i < words_.size(); ++i) {
      for (std::uint32_t bits = bits_of(words_[i]); bits != 0; bits &= bits - 1) {
        const std::size_t place = i * 32 + static_cast<std::size_t>(std::countr_zero(bits));
        visit(static_cast<std::uint32_t>(place & mask), static_cast<features::Group>(place >> hash_bits_));
      }
    }
  }

 private:
  static std::uint32_t bits_of(std::uint64_t word) { return static_cast<std::uint32_t>(word >> 32); }

  unsigned hash_bits_;
  // In the place of the sightings. High half: a bit for each of 32 n-grams that is a candidate; low half: how many are
  // in the words before.
  MatrixVector<std::uint64_t> words_;
  std::uint32_t size_ = 0;
  std::size_t found_ = 0;
};

namespace {

// Replaces each term by number(term, group) and drops those without one; returns how many are left. prefetch(term,
// group) is called some terms ahead.
template <typename Number, typename Prefetch>
std::uint32_t renumber(DocumentBlock& block, std::uint32_t* terms, std::uint8_t* counts, Number&& number,
                       Prefetch&& prefetch) {
  std::uint32_t kept = 0;
  std::uint32_t at = 0;
  const auto keep_until = [&](std::uint32_t end, features::Group group) {
    for (; at < end; ++at) {
      if (at + kAhead < end) prefetch(terms[at + kAhead], group);
      const std::uint32_t to = number(terms[at], group);
      terms[kept] = to;
      counts[kept] = counts[at];
      kept += static_cast<std::uint32_t>(to != kNoFeature);
    }
    return kept;
  };
  for (std::size_t document = 0; document < block.size(); ++document) {
    block.words_end[document] = keep_until(block.words_end[document], features::Group::words);
    block.document_end[document] = keep_until(block.document_end[document], features::Group::characters);
  }
  return kept;
}

// What a worker keeps for blocks that are in a file.
struct Buffers {
  UnfilledVector<std::uint32_t> terms;
  UnfilledVector<std::uint8_t> counts;
};

// The same wherever the block's terms are; then each(term) for what is left.
template <typename Number, typename Prefetch, typename Each>
void renumber(DocumentBlock& block, Buffers& buffers, Number&& number, Prefetch&& prefetch, Each&& each) {
  const auto pass = [&](std::uint32_t* terms, std::uint8_t* counts) {
    const std::uint32_t kept = renumber(block, terms, counts, number, prefetch);
    for (std::uint32_t i = 0; i < kept; ++i) each(terms[i]);
    return kept;
  };
  if (!block.stored.exists()) {
    block.terms.resize(pass(block.terms.data(), block.counts.data()));
    block.counts.resize(block.terms.size());
  } else if (block.stored.in_memory()) {
    block.stored.shrink(pass(block.stored.terms(), block.stored.counts()));
  } else {
    block.stored.read(buffers.terms, buffers.counts);
    const std::size_t kept = pass(buffers.terms.data(), buffers.counts.data());
    block.stored.replace({buffers.terms.data(), kept}, {buffers.counts.data(), kept});
  }
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

Vocabulary build_vocabulary(LabelledDocuments& documents, Sightings sightings, unsigned min_documents,
                            std::size_t max_features, const io::Executor& executor) {
  const std::vector<DocumentBlock*> blocks = all_blocks(documents);
  const unsigned hash_bits = sightings.hash_bits();
  const Candidates candidates(std::move(sightings), min_documents >= 2);

  // Exact frequencies of what is left, counted a worker and added up: sums of whole numbers, in any order the same.
  std::vector<MatrixVector<std::uint32_t>> counts(executor.workers());
  std::vector<Buffers> buffers(executor.workers());
  executor.run(blocks.size(), [&](std::size_t block, unsigned worker) {
    MatrixVector<std::uint32_t>& mine = counts[worker];
    if (mine.empty()) mine.resize(candidates.size() + 1);
    renumber(
        *blocks[block], buffers[worker],
        [&](std::uint32_t term, features::Group group) { return candidates.find(term, group); },
        [&](std::uint32_t term, features::Group group) { candidates.prefetch(term, group); },
        [&](std::uint32_t candidate) { ++mine[candidate]; });
  });
  std::vector<std::uint32_t> frequencies(candidates.size(), 0);
  for (MatrixVector<std::uint32_t>& mine : counts) {
    for (std::size_t i = 0; i + 1 < mine.size(); ++i) frequencies[i] += mine[i];
    MatrixVector<std::uint32_t>().swap(mine);
  }

  std::vector<std::uint32_t> place;
  const std::size_t size = sort_by_frequency(frequencies, documents.document_count + documents.unlabelled.count,
                                             std::max(min_documents, 1U), max_features, place);
  Vocabulary vocabulary;
  vocabulary.hash_bits = hash_bits;
  vocabulary.found = candidates.found();
  vocabulary.document_frequencies.resize(size);
  vocabulary.hashes.resize(size);
  vocabulary.groups.resize(size);
  std::size_t candidate = 0;
  candidates.for_each([&](std::uint32_t term, features::Group group) {
    const std::uint32_t feature = place[candidate];
    if (feature != kNoFeature) {
      vocabulary.document_frequencies[feature] = frequencies[candidate];
      vocabulary.hashes[feature] = term;
      vocabulary.groups[feature] = group;
    }
    ++candidate;
  });
  executor.run(blocks.size(), [&](std::size_t block, unsigned worker) {
    renumber(
        *blocks[block], buffers[worker], [&](std::uint32_t term, features::Group) { return place[term]; },
        [&](std::uint32_t term, features::Group) { __builtin_prefetch(&place[term]); }, [](std::uint32_t) {});
  });
  return vocabulary;
}

Vocabulary build_vocabulary(LabelledDocuments& documents, unsigned hash_bits, unsigned min_documents,
                            std::size_t max_features, const io::Executor& executor) {
  const std::vector<DocumentBlock*> blocks = all_blocks(documents);
  Sightings sightings(hash_bits, executor.workers());
  executor.run(blocks.size(), [&](std::size_t block, unsigned worker) { sightings.meet(*blocks[block], worker); });
  return build_vocabulary(documents, std::move(sightings), min_documents, max_features, executor);
}

unsigned choose_hash_bits(std::uint64_t corpus_bytes) {
  const auto bits = static_cast<unsigned>(std::bit_width(corpus_bytes > 0 ? corpus_bytes - 1 : 0));
  return std::clamp(bits + 2, 18U, 25U);
}

}  // namespace textlambda::train
