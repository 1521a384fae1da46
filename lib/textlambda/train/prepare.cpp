#include "textlambda/train/prepare.h"

#include <optional>
#include <utility>

#include "textlambda/train/choices.h"
#include "textlambda/train/feature_scale.h"
#include "textlambda/train/holdout.h"
#include "textlambda/train/label_lists.h"

namespace textlambda::train {
namespace {

// A fit's matrix holds at most this many weights (2 GiB): beyond it the rarest features go. A guard for corpora with
// very many labels.
constexpr std::size_t kMaxWeights = std::size_t{1} << 29;

}  // namespace

Prepared prepare(const corpus::RowSource& corpus, const TrainOptions& options, const io::Executor& executor,
                 const Progress& progress) {
  features::FeatureOptions features = choose_features(corpus, options);

  const unsigned hash_bits = choose_hash_bits(corpus.bytes());
  const ReadProgress read_progress = [&](std::size_t done, std::size_t total) {
    if (progress) progress(Stage::read, static_cast<double>(done) / static_cast<double>(total));
  };
  LabelledDocuments documents = count_documents(corpus, features, hash_bits, executor, read_progress);
  // The sample may have missed a label.
  const int negation_scope = choose_negation_scope(documents.labels.size(), options);
  if (negation_scope != features.negation_scope) {
    features.negation_scope = negation_scope;
    documents = {};
    documents = count_documents(corpus, features, hash_bits, executor, read_progress);
  }
  label_costs(documents, options);  // a weight for a label that is not there is known before the work is done
  Vocabulary vocabulary =
      build_vocabulary(documents, hash_bits, options.min_documents, kMaxWeights / documents.labels.size(), executor);

  std::vector<std::uint8_t> held_out = choose_holdout(documents, options.holdout, options.max_holdout, options.seed);
  std::optional<LabelLists> lists(std::in_place, documents, vocabulary.size(), held_out, executor);
  std::vector<float> scales = compute_feature_scales(documents, vocabulary, *lists, executor);
  LabelCounts label_counts(*lists, executor);
  lists.reset();
  TrainingSet set(documents, scales, executor);
  return {std::move(features), std::move(documents),    std::move(vocabulary), std::move(held_out),
          std::move(scales),   std::move(label_counts), std::move(set)};
}

}  // namespace textlambda::train
