#include "textlambda/train/sketch.h"

#include <algorithm>
#include <cstddef>
#include <limits>

#include "textlambda/io/executor.h"
#include "textlambda/train/document_sample.h"
#include "textlambda/train/selection.h"
#include "textlambda/train/training_set.h"

namespace textlambda::train {
namespace {

// The scales of the features that a model of the documents not held out would keep; 0 for the others.
std::vector<float> kept_scales(const LabelledDocuments& held_out, const Vocabulary& vocabulary,
                               const std::vector<float>& scales, const Weights& weights, unsigned min_documents,
                               double keep) {
  std::vector<std::uint32_t> frequencies = vocabulary.document_frequencies;
  for (const DocumentBlock& block : held_out.blocks) {
    for (const std::uint32_t feature : block.terms) --frequencies[feature];
  }
  std::vector<float> importance = feature_importance(frequencies, scales, weights);
  std::size_t candidates = 0;
  for (std::size_t feature = 0; feature < importance.size(); ++feature) {
    if (frequencies[feature] >= std::max(min_documents, 1U)) {
      ++candidates;
    } else {
      importance[feature] = 0;
    }
  }
  std::vector<float> kept(scales.size(), 0);
  if (candidates == 0) return kept;
  const double share = keep * static_cast<double>(candidates) / static_cast<double>(scales.size());
  for (const std::uint32_t feature : select_features(importance, share)) kept[feature] = scales[feature];
  return kept;
}

}  // namespace

HeldOut pruned_logits(const LabelledDocuments& documents, const std::vector<std::uint8_t>& held_out,
                      const Vocabulary& vocabulary, const std::vector<float>& scales, const Weights& weights,
                      unsigned min_documents, double keep) {
  const LabelledDocuments taken = take_flagged(documents, held_out);
  const TrainingSet set(taken, kept_scales(taken, vocabulary, scales, weights, min_documents, keep), io::Executor());
  HeldOut result;
  result.label_count = weights.label_count;
  std::vector<float> logits(weights.label_count);
  RowReader reader(set);
  for (std::size_t i = 0; i < set.size(); ++i) {
    weights.logits(reader.row(i), logits.data());
    result.add(logits, set.label(i));
  }
  return result;
}

std::vector<model::DocumentTraits> held_out_traits(const LabelledDocuments& documents,
                                                   const std::vector<std::uint8_t>& parts,
                                                   const std::vector<HeldOut>& logits, double temperature) {
  std::vector<std::size_t> next(logits.size(), 0);
  std::vector<model::DocumentTraits> traits;
  std::size_t index = 0;
  for (const DocumentBlock& block : documents.blocks) {
    for (std::size_t document = 0; document < block.size(); ++document) {
      const std::size_t part = parts[index++];
      if (part == 0) continue;
      const HeldOut& held_out = logits[part - 1];
      const std::size_t entry = next[part - 1]++;
      traits.push_back({block.n_grams[document], 0, block.characters[document], held_out.predicted(entry),
                        held_out.log_odds(entry, temperature)});
    }
  }
  return traits;
}

model::Sketch make_sketch(const LabelledDocuments& documents, const std::vector<std::uint8_t>& held_out,
                          std::vector<model::DocumentTraits> traits, const Vocabulary& vocabulary,
                          const std::vector<float>& importance, const std::vector<std::uint32_t>& kept,
                          unsigned min_documents) {
  model::Sketch sketch;
  sketch.predicted.assign(documents.labels.size(), 0);
  for (const std::uint64_t count : documents.label_counts) {
    sketch.training.push_back(static_cast<std::uint32_t>(std::min<std::uint64_t>(count, UINT32_MAX)));
  }
  if (traits.empty()) return sketch;

  float least = std::numeric_limits<float>::max();
  for (const std::uint32_t feature : kept) least = std::min(least, importance[feature]);
  const auto known = [&](std::uint32_t feature) {
    const std::uint32_t others = vocabulary.document_frequencies[feature] - 1;
    return others >= min_documents &&
           importance[feature] * static_cast<float>(others) >= least * static_cast<float>(others + 1);
  };
  std::size_t next = 0;
  for_each_flagged(documents, held_out, [&](const DocumentBlock& block, const BlockTerms& terms, std::size_t document) {
    model::DocumentTraits& document_traits = traits[next++];
    for (std::uint32_t at = block.begin(document); at < block.document_end[document]; ++at) {
      if (known(terms.terms()[at])) document_traits.known_n_grams += terms.counts()[at];
    }
    sketch.add(document_traits);
  });
  return sketch;
}

std::vector<std::uint64_t> collect_row_hashes(const LabelledDocuments& documents) {
  std::vector<std::uint64_t> hashes;
  hashes.reserve(documents.document_count);
  for (const DocumentBlock& block : documents.blocks) {
    hashes.insert(hashes.end(), block.row_hashes.begin(), block.row_hashes.end());
  }
  return hashes;
}

}  // namespace textlambda::train
