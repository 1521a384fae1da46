#include "textlambda/train/label_lists.h"

#include <algorithm>
#include <numeric>

#include "textlambda/io/executor.h"

namespace textlambda::train {
namespace {

std::vector<std::uint64_t> count_labels(const LabelledDocuments& documents, const std::vector<std::uint8_t>& held_out) {
  std::vector<std::uint64_t> counts(documents.labels.size(), 0);
  std::size_t document = 0;
  for (const DocumentBlock& block : documents.blocks) {
    for (const std::uint32_t label : block.labels) counts[label] += held_out[document++] == 0 ? 1U : 0U;
  }
  return counts;
}

// Calls visit(feature, label) for each feature of each document of a run of blocks.
template <typename Visit>
void for_each_occurrence(const LabelledDocuments& documents, const std::vector<std::uint8_t>& held_out, std::size_t run,
                         std::size_t runs, Visit&& visit) {
  const std::size_t begin = documents.blocks.size() * run / runs;
  const std::size_t end = documents.blocks.size() * (run + 1) / runs;
  std::size_t index = 0;
  for (std::size_t number = 0; number < begin; ++number) index += documents.blocks[number].size();
  for (std::size_t number = begin; number < end; ++number) {
    const DocumentBlock& block = documents.blocks[number];
    for (std::size_t document = 0; document < block.size(); ++document, ++index) {
      if (held_out[index] != 0) continue;
      for (std::uint32_t at = block.begin(document); at < block.document_end[document]; ++at) {
        visit(block.terms[at], block.labels[document]);
      }
    }
  }
}

}  // namespace

// Blocks are cut into as many runs as there are threads; each run counts first, so that it then writes to places of its
// own.
LabelLists::LabelLists(const LabelledDocuments& documents, std::size_t feature_count,
                       const std::vector<std::uint8_t>& held_out, const io::Executor& executor)
    : first_(feature_count + 1, 0), label_counts_(count_labels(documents, held_out)) {
  const std::size_t runs = executor.workers();
  std::vector<std::vector<std::uint32_t>> places(runs);
  executor.run(runs, [&](std::size_t run, unsigned) {
    places[run].assign(feature_count, 0);
    for_each_occurrence(documents, held_out, run, runs,
                        [&](std::uint32_t feature, std::uint32_t) { ++places[run][feature]; });
  });
  std::uint64_t total = 0;
  for (std::size_t feature = 0; feature < feature_count; ++feature) {
    first_[feature] = total;
    std::uint32_t before = 0;
    for (std::size_t run = 0; run < runs; ++run) {
      const std::uint32_t count = places[run][feature];
      places[run][feature] = before;
      before += count;
    }
    total += before;
  }
  first_[feature_count] = total;
  labels_.resize(total);
  executor.run(runs, [&](std::size_t run, unsigned) {
    for_each_occurrence(documents, held_out, run, runs, [&](std::uint32_t feature, std::uint32_t label) {
      labels_[first_[feature] + places[run][feature]++] = label;
    });
  });
}

std::vector<double> label_shares(const std::vector<std::uint64_t>& label_counts) {
  const auto total = static_cast<double>(std::accumulate(label_counts.begin(), label_counts.end(), std::uint64_t{0}));
  std::vector<double> shares;
  shares.reserve(label_counts.size());
  for (const std::uint64_t count : label_counts) shares.push_back(static_cast<double>(count) / total);
  return shares;
}

}  // namespace textlambda::train
