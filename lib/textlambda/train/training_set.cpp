#include "textlambda/train/training_set.h"

#include <cmath>

#include "textlambda/features/weighting.h"
#include "textlambda/io/executor.h"

namespace textlambda::train {
namespace {

// Writes one group's weighted, normalised values; returns its squared length: 1, or 0 for a group without weight.
float weigh_group(const DocumentBlock& block, const std::vector<float>& scales, std::uint32_t begin, std::uint32_t end,
                  float* values) {
  const features::TermWeights& weights = features::term_weights();
  float squares = 0;
  for (std::uint32_t at = begin; at < end; ++at) {
    const float value = weights[block.counts[at]] * scales[block.terms[at]];
    values[at] = value;
    squares += value * value;
  }
  if (!(squares > 0)) return 0;
  const float inverse = 1.0F / std::sqrt(squares);
  for (std::uint32_t at = begin; at < end; ++at) values[at] *= inverse;
  return 1;
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
      squared_norms_[index] = 1 + weigh_group(block, scales, begin, middle, values.data()) +
                              weigh_group(block, scales, middle, end, values.data());
      rows_[index] = {block.terms.data() + begin, values.data() + begin, end - begin};
      labels_[index] = block.labels[document];
    }
  });
}

}  // namespace textlambda::train
