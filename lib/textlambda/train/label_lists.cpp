#include "textlambda/train/label_lists.h"

#include <algorithm>
#include <atomic>
#include <numeric>

#include "textlambda/io/executor.h"

namespace textlambda::train {
namespace {

std::vector<double> count_labels(const LabelledDocuments& documents, const std::vector<std::uint8_t>& held_out,
                                 const Guesses* guesses) {
  std::vector<double> counts(documents.labels.size(), 0);
  std::size_t document = 0;
  for (const DocumentBlock& block : documents.blocks) {
    for (const std::uint32_t label : block.labels) counts[label] += held_out[document++] == 0 ? 1 : 0;
  }
  if (guesses == nullptr) return counts;
  for (const Guesses::Share& share : guesses->shares) counts[share.label] += static_cast<double>(share.documents);
  return counts;
}

// Labels that a feature has a counter for each of; of more labels, most features come with a few only.
constexpr std::size_t kFewLabels = 16;

// Calls visit(terms, label) for the terms of each document of a block that is not held out.
template <typename Visit>
void for_each_document(const DocumentBlock& block, const BlockTerms& terms, const std::uint8_t* held_out,
                       Visit&& visit) {
  for (std::size_t document = 0; document < block.size(); ++document) {
    if (held_out[document] != 0) continue;
    const std::uint32_t begin = block.begin(document);
    visit(terms.terms().subspan(begin, block.document_end[document] - begin), block.labels[document]);
  }
}

// Calls visit(feature, label) for each feature of a range of each document of a run of blocks.
template <typename Visit>
void for_each_occurrence(const LabelledDocuments& documents, FeatureRange features,
                         const std::vector<std::uint8_t>& held_out, std::size_t run, std::size_t runs, Visit&& visit) {
  const std::size_t begin = documents.blocks.size() * run / runs;
  const std::size_t end = documents.blocks.size() * (run + 1) / runs;
  std::size_t index = 0;
  for (std::size_t number = 0; number < begin; ++number) index += documents.blocks[number].size();
  BlockTerms terms;
  for (std::size_t number = begin; number < end; ++number) {
    const DocumentBlock& block = documents.blocks[number];
    terms.open(block);
    for_each_document(block, terms, held_out.data() + index,
                      [&](std::span<const std::uint32_t> own, std::uint32_t label) {
                        for (const std::uint32_t feature : own) {
                          if (features.has(feature)) visit(feature - features.begin, label);
                        }
                      });
    index += block.size();
  }
}

}  // namespace

LabelLists::LabelLists(const LabelledDocuments& documents, FeatureRange features,
                       const std::vector<std::uint8_t>& held_out, const Guesses* guesses, const io::Executor& executor)
    : features_(features), label_counts_(count_labels(documents, held_out, guesses)) {
  if (documents.labels.size() <= kFewLabels) {
    count_few_labels(documents, held_out, executor);
  } else {
    list_labels(documents, held_out, executor);
  }
  if (guesses != nullptr) list_guesses(documents.unlabelled, *guesses);
}

// All threads count in one matrix, but for the most frequent features: those they have each for themselves, since a
// counter that goes from one processor to another and back takes longer than the counting.
void LabelLists::count_few_labels(const LabelledDocuments& documents, const std::vector<std::uint8_t>& held_out,
                                  const io::Executor& executor) {
  // Counters: 4 MiB a thread, and no more than 32 MiB of all.
  const std::size_t frequent = std::min(std::size_t{1} << 20, (std::size_t{1} << 23) / executor.workers());
  const std::size_t labels = documents.labels.size();
  counts_.resize(features_.size() * labels);
  const bool alone = executor.workers() == 1;
  const std::size_t own_counters = alone ? 0 : std::min(frequent / labels, features_.size()) * labels;
  std::vector<MatrixVector<std::uint32_t>> own(executor.workers());
  std::vector<BlockTerms> terms(executor.workers());
  const std::vector<std::size_t> first = first_documents(documents);
  executor.run(documents.blocks.size(), [&](std::size_t number, unsigned worker) {
    const DocumentBlock& block = documents.blocks[number];
    terms[worker].open(block);
    if (own[worker].empty()) own[worker].resize(own_counters + 1);
    std::uint32_t* const mine = own[worker].data();
    for_each_document(block, terms[worker], held_out.data() + first[number],
                      [&](std::span<const std::uint32_t> features, std::uint32_t label) {
                        for (const std::uint32_t feature : features) {
                          if (!features_.has(feature)) continue;
                          const std::size_t at = (feature - features_.begin) * labels + label;
                          if (at < own_counters) {
                            ++mine[at];
                          } else if (alone) {
                            ++counts_[at];
                          } else {
                            std::atomic_ref<std::uint32_t>(counts_[at]).fetch_add(1, std::memory_order_relaxed);
                          }
                        }
                      });
  });
  for (const MatrixVector<std::uint32_t>& mine : own) {
    for (std::size_t i = 0; i + 1 < mine.size(); ++i) counts_[i] += mine[i];
  }
}

// Blocks are cut into as many runs as there are threads; each run counts first, so that it then writes to places of its
// own.
void LabelLists::list_labels(const LabelledDocuments& documents, const std::vector<std::uint8_t>& held_out,
                             const io::Executor& executor) {
  const std::size_t runs = executor.workers();
  std::vector<MatrixVector<std::uint32_t>> places(runs);
  executor.run(runs, [&](std::size_t run, unsigned) {
    places[run].resize(features_.size());
    for_each_occurrence(documents, features_, held_out, run, runs,
                        [&](std::size_t at, std::uint32_t) { ++places[run][at]; });
  });
  first_.assign(features_.size() + 1, 0);
  std::uint64_t total = 0;
  for (std::size_t at = 0; at < features_.size(); ++at) {
    first_[at] = total;
    std::uint32_t before = 0;
    for (std::size_t run = 0; run < runs; ++run) {
      const std::uint32_t count = places[run][at];
      places[run][at] = before;
      before += count;
    }
    total += before;
  }
  first_[features_.size()] = total;
  labels_.resize(total);
  executor.run(runs, [&](std::size_t run, unsigned) {
    for_each_occurrence(documents, features_, held_out, run, runs,
                        [&](std::size_t at, std::uint32_t label) { labels_[first_[at] + places[run][at]++] = label; });
  });
}

// On one thread: they are no more than a sample.
void LabelLists::list_guesses(const UnlabelledDocuments& documents, const Guesses& guesses) {
  const auto for_each = [&](const auto& visit) {
    std::size_t index = 0;
    BlockTerms terms;
    for (const DocumentBlock& block : documents.blocks) {
      terms.open(block);
      for (std::size_t document = 0; document < block.size(); ++document, ++index) {
        const std::span<const Guesses::Share> shares = guesses[index];
        for (std::uint32_t at = block.begin(document); at < block.document_end[document]; ++at) {
          const std::size_t feature = terms.terms()[at];
          if (features_.has(feature)) visit(feature - features_.begin, shares);
        }
      }
    }
  };
  first_guess_.assign(features_.size() + 1, 0);
  for_each([&](std::size_t at, std::span<const Guesses::Share> shares) { first_guess_[at + 1] += shares.size(); });
  for (std::size_t at = 0; at < features_.size(); ++at) first_guess_[at + 1] += first_guess_[at];
  guesses_.resize(first_guess_[features_.size()]);
  std::vector<std::uint64_t> next(first_guess_.begin(), first_guess_.end() - 1);
  for_each([&](std::size_t at, std::span<const Guesses::Share> shares) {
    for (const Guesses::Share& share : shares) guesses_[next[at]++] = share;
  });
}

void for_each_label_lists(const LabelledDocuments& documents, const Vocabulary& vocabulary,
                          const std::vector<std::uint8_t>& held_out, const Guesses* guesses,
                          const io::Executor& executor, const std::function<void(const LabelLists&)>& visit) {
  constexpr std::size_t kLeast = std::size_t{4} << 20;
  const std::size_t room = std::max(documents.memory->left() / 2, kLeast);
  const bool few = documents.labels.size() <= kFewLabels;
  FeatureRange range;
  do {
    range.begin = range.end;
    for (std::size_t bytes = 0; range.end < vocabulary.size() && (bytes < room || few); ++range.end) {
      bytes += (executor.workers() + vocabulary.document_frequencies[range.end]) * sizeof(std::uint32_t) +
               sizeof(std::uint64_t);
    }
    visit(LabelLists(documents, range, held_out, guesses, executor));
  } while (range.end < vocabulary.size());
}

std::vector<double> label_shares(const std::vector<double>& label_counts) {
  const double total = std::accumulate(label_counts.begin(), label_counts.end(), 0.0);
  std::vector<double> shares;
  shares.reserve(label_counts.size());
  for (const double count : label_counts) shares.push_back(count / total);
  return shares;
}

}  // namespace textlambda::train
