#include "textlambda/train/training_set.h"

#include <cstring>

#include "textlambda/features/weighting.h"
#include "textlambda/io/executor.h"

namespace textlambda::train {
namespace {

// Writes one group's values; returns its squared length: 1, or 0 for a group without weight.
float weigh_group_of(const BlockTerms& block, const std::vector<float>& scales, std::uint32_t begin, std::uint32_t end,
                     float* values) {
  const std::uint32_t* const terms = block.terms().data() + begin;
  const std::uint8_t* const counts = block.counts().data() + begin;
  const bool weighs = features::weigh_group(
      end - begin, [&](std::size_t i) { return counts[i]; }, [&](std::size_t i) { return scales[terms[i]]; },
      values + begin);
  return weighs ? 1 : 0;
}

// Each row's numbers and values, one behind the other.
UnfilledVector<std::uint32_t> interleave(const DocumentBlock& block, const BlockTerms& terms, const float* values) {
  UnfilledVector<std::uint32_t> rows(2 * terms.terms().size());
  for (std::size_t document = 0; document < block.size(); ++document) {
    const std::size_t begin = block.begin(document);
    const std::size_t size = block.document_end[document] - begin;
    if (size == 0) continue;
    std::memcpy(&rows[2 * begin], &terms.terms()[begin], size * sizeof(std::uint32_t));
    std::memcpy(&rows[2 * begin + size], values + begin, size * sizeof(float));
  }
  return rows;
}

}  // namespace

TrainingSet::TrainingSet(const LabelledDocuments& documents, const std::vector<float>& scales,
                         const io::Executor& executor)
    : rows_(documents.document_count + documents.unlabelled.count),
      labels_(rows_.size()),
      squared_norms_(rows_.size()) {
  const std::vector<const DocumentBlock*> blocks = all_blocks(documents);
  const std::vector<std::size_t> first = first_documents(documents);
  std::vector<std::size_t> begins;  // a block: of its values
  std::size_t total = 0;
  bool terms_at_hand = true;
  for (const DocumentBlock* const block : blocks) {
    begins.push_back(total);
    total += block->term_count();
    terms_at_hand = terms_at_hand && (!block->stored.exists() || block->stored.in_memory());
  }
  const std::size_t bytes = total * sizeof(float);
  if (terms_at_hand && documents.memory->take(bytes)) {
    share_ = MemoryShare(documents.memory, bytes);
    values_.resize(total);
  } else {
    file_ = std::make_unique<io::ScratchFile>("vectors");
    offsets_.resize(rows_.size());
  }

  struct Desk {
    BlockTerms terms;
    std::vector<float> values;
  };
  std::vector<Desk> desks(executor.workers());
  executor.run(blocks.size(), [&](std::size_t number, unsigned worker) {
    const DocumentBlock& block = *blocks[number];
    BlockTerms& terms = desks[worker].terms;
    terms.open(block);
    if (file_) desks[worker].values.resize(terms.terms().size());
    float* const values = file_ ? desks[worker].values.data() : values_.data() + begins[number];
    for (std::size_t document = 0; document < block.size(); ++document) {
      const std::uint32_t begin = block.begin(document);
      const std::uint32_t middle = block.words_end[document];
      const std::uint32_t end = block.document_end[document];
      const std::size_t index = first[number] + document;
      squared_norms_[index] =
          1 + weigh_group_of(terms, scales, begin, middle, values) + weigh_group_of(terms, scales, middle, end, values);
      if (file_) {
        rows_[index] = {nullptr, nullptr, end - begin};
      } else {
        rows_[index] = {terms.terms().data() + begin, values + begin, end - begin};
      }
      if (!block.labels.empty()) labels_[index] = block.labels[document];
    }
    if (!file_) return;
    const UnfilledVector<std::uint32_t> rows = interleave(block, terms, values);
    const std::uint64_t offset =
        file_->append({reinterpret_cast<const char*>(rows.data()), rows.size() * sizeof(std::uint32_t)});
    for (std::size_t document = 0; document < block.size(); ++document) {
      offsets_[first[number] + document] = offset + block.begin(document) * (sizeof(std::uint32_t) + sizeof(float));
    }
  });
}

SparseRow RowReader::read(std::uint64_t offset, std::size_t size) {
  static_assert(sizeof(float) == sizeof(std::uint32_t));
  ids_.resize(2 * size);
  values_.resize(size);
  set_.file_->read(offset, ids_.data(), 2 * size * sizeof(std::uint32_t));
  if (size > 0) std::memcpy(values_.data(), ids_.data() + size, size * sizeof(float));
  return {ids_.data(), values_.data(), size};
}

}  // namespace textlambda::train
