#include "textlambda/train/sketch.h"

#include <algorithm>
#include <cstddef>
#include <limits>

#include "textlambda/io/executor.h"
#include "textlambda/train/selection.h"
#include "textlambda/train/training_set.h"

namespace textlambda::train {
namespace {

// Calls visit(block, document) for each document flagged, in the corpus's order.
template <typename Visit>
void for_each_flagged(const LabelledDocuments& documents, const std::vector<std::uint8_t>& flags, Visit&& visit) {
  std::size_t index = 0;
  for (const DocumentBlock& block : documents.blocks) {
    for (std::size_t document = 0; document < block.size(); ++document) {
      if (flags[index++] != 0) visit(block, document);
    }
  }
}

void append_sampled(const DocumentBlock& from, std::size_t document, DocumentBlock& to) {
  const auto offset = [](std::uint32_t at) { return static_cast<std::ptrdiff_t>(at); };
  const std::uint32_t begin = from.begin(document);
  const std::uint32_t end = from.document_end[document];
  const auto start = static_cast<std::uint32_t>(to.terms.size());
  to.terms.insert(to.terms.end(), from.terms.begin() + offset(begin), from.terms.begin() + offset(end));
  to.counts.insert(to.counts.end(), from.counts.begin() + offset(begin), from.counts.begin() + offset(end));
  to.words_end.push_back(from.words_end[document] - begin + start);
  to.document_end.push_back(end - begin + start);
  to.labels.push_back(from.labels[document]);
}

// The documents flagged, in small blocks.
LabelledDocuments take(const LabelledDocuments& documents, const std::vector<std::uint8_t>& flags) {
  constexpr std::size_t kPerBlock = 256;
  LabelledDocuments taken;
  for_each_flagged(documents, flags, [&](const DocumentBlock& block, std::size_t document) {
    if (taken.document_count++ % kPerBlock == 0) taken.blocks.emplace_back();
    append_sampled(block, document, taken.blocks.back());
  });
  return taken;
}

// The scales of the features that a model of the documents not held out would keep; 0 for the others.
std::vector<float> kept_scales(const LabelledDocuments& held_out, const Vocabulary& vocabulary,
                               const std::vector<float>& scales, const Weights& weights, const TrainOptions& options) {
  std::vector<std::uint32_t> frequencies = vocabulary.document_frequencies;
  for (const DocumentBlock& block : held_out.blocks) {
    for (const std::uint32_t feature : block.terms) --frequencies[feature];
  }
  std::vector<float> importance = feature_importance(frequencies, scales, weights);
  std::size_t candidates = 0;
  for (std::size_t feature = 0; feature < importance.size(); ++feature) {
    if (frequencies[feature] >= std::max(options.min_documents, 1U)) {
      ++candidates;
    } else {
      importance[feature] = 0;
    }
  }
  std::vector<float> kept(scales.size(), 0);
  if (candidates == 0) return kept;
  const double share = options.keep * static_cast<double>(candidates) / static_cast<double>(scales.size());
  for (const std::uint32_t feature : select_features(importance, share)) kept[feature] = scales[feature];
  return kept;
}

}  // namespace

std::vector<model::DocumentTraits> predict_held_out(const LabelledDocuments& documents,
                                                    const std::vector<std::uint8_t>& held_out,
                                                    const Vocabulary& vocabulary, const std::vector<float>& scales,
                                                    const Weights& weights, const TrainOptions& options,
                                                    double temperature) {
  const LabelledDocuments taken = take(documents, held_out);
  const TrainingSet set(taken, kept_scales(taken, vocabulary, scales, weights, options), io::Executor());
  const auto inverse_temperature = static_cast<float>(1 / temperature);
  std::vector<model::DocumentTraits> traits;
  traits.reserve(set.size());
  std::vector<float> logits(weights.label_count);
  for_each_flagged(documents, held_out, [&](const DocumentBlock& block, std::size_t document) {
    weights.logits(set.row(traits.size()), logits.data());
    for (float& logit : logits) logit *= inverse_temperature;
    const auto best = std::max_element(logits.begin(), logits.end()) - logits.begin();
    traits.push_back({block.n_grams[document], 0, block.characters[document], static_cast<std::uint32_t>(best),
                      model::confidence_log_odds(logits)});
  });
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
  for_each_flagged(documents, held_out, [&](const DocumentBlock& block, std::size_t document) {
    model::DocumentTraits& document_traits = traits[next++];
    for (std::uint32_t at = block.begin(document); at < block.document_end[document]; ++at) {
      if (known(block.terms[at])) document_traits.known_n_grams += block.counts[at];
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
