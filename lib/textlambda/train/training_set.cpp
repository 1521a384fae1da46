#include "textlambda/train/training_set.h"

#include "textlambda/features/weighting.h"
#include "textlambda/io/executor.h"

namespace textlambda::train {
namespace {

// Writes one group's values; returns its squared length: 1, or 0 for a group without weight.
float weigh(const DocumentBlock& block, const std::vector<float>& scales, std::uint32_t begin, std::uint32_t end,
            float* values) {
  const bool weighs = features::weigh_group(
      end - begin, [&](std::size_t i) { return block.counts[begin + i]; },
      [&](std::size_t i) { return scales[block.terms[begin + i]]; }, values + begin);
  return weighs ? 1 : 0;
}

}  // namespace

TrainingSet::TrainingSet(const LabelledDocuments& documents, const std::vector<float>& scales,
                         const io::Executor& executor)
    : values_(documents.blocks.size()),
      rows_(documents.document_count),
      labels_(documents.document_count),
      squared_norms_(documents.document_count) {
  std::vector<std::size_t> first(documents.blocks.size(), 0);
  for (std::size_t block = 1; block < first.size(); ++block) {
    first[block] = first[block - 1] + documents.blocks[block - 1].size();
  }
  executor.run(documents.blocks.size(), [&](std::size_t number, unsigned) {
    const DocumentBlock& block = documents.blocks[number];
    std::vector<float>& values = values_[number];
    values.resize(block.terms.size());
    for (std::size_t document = 0; document < block.size(); ++document) {
      const std::uint32_t begin = block.begin(document);
      const std::uint32_t middle = block.words_end[document];
      const std::uint32_t end = block.document_end[document];
      const std::size_t index = first[number] + document;
      squared_norms_[index] =
          1 + weigh(block, scales, begin, middle, values.data()) + weigh(block, scales, middle, end, values.data());
      rows_[index] = {block.terms.data() + begin, values.data() + begin, end - begin};
      labels_[index] = block.labels[document];
    }
  });
}

}  // namespace textlambda::train
