#include "textlambda/train/prepare.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include "textlambda/io/error.h"
#include "textlambda/model/profile.h"
#include "textlambda/text/count.h"
#include "textlambda/train/choices.h"
#include "textlambda/train/feature_scale.h"
#include "textlambda/train/fit/shortlists.h"
#include "textlambda/train/holdout.h"
#include "textlambda/train/label_lists.h"
#include "textlambda/train/many_labels.h"
#include "textlambda/train/many_rows.h"

namespace textlambda::train {
namespace {

// A fit's matrix of all features and labels holds at most this many weights (2 GiB): beyond it the rarest features go.
constexpr std::size_t kMaxWeights = std::size_t{1} << 29;

// Where memory is limited: what a thread takes to count, and how much n-grams may take of what is left before it is
// known how many features there are.
constexpr std::size_t kPerWorker = std::size_t{8} << 20;
constexpr double kFirstShare = 0.25;

// What a training takes beside the n-grams of documents and their vectors, in bytes, at its most.
std::size_t fixed_memory(const LabelledDocuments& documents, const Vocabulary& vocabulary) {
  constexpr std::size_t kPerDocument = 256;  // in all the lists with an entry for each
  constexpr std::size_t kPerFeature = 64;
  constexpr std::size_t kMatrices = 3;  // prior, fit to everything, fit to a part
  constexpr std::size_t kFits = 2;
  const std::size_t labels = documents.labels.size();
  const std::size_t count = documents.document_count + documents.unlabelled.count;
  if (labels >= kManyLabels) {
    // A pattern has no more labels of a feature than documents: label and values, and what they are made from.
    constexpr std::size_t kOfAPlace = (2 + kMatrices) * sizeof(float);
    constexpr std::size_t kOfAListed = sizeof(std::uint32_t) + sizeof(float);
    std::size_t places = 0;
    for (const std::uint32_t frequency : vocabulary.document_frequencies) {
      // A row with places for all labels is made from a quarter of them on.
      places += std::min<std::size_t>(std::size_t{4} * frequency, labels);
    }
    return count * (kPerDocument + kFits * Shortlists::kLength * kOfAListed) + vocabulary.size() * kPerFeature +
           places * kOfAPlace;
  }
  const std::size_t stride = Weights(labels, 0).stride;
  const std::size_t of_a_document = kPerDocument + (labels > 2 ? kFits * stride * sizeof(float) : 0);
  const std::size_t shards = count >= kManyRows ? 1 : 0;  // one more of a fit's matrices
  const std::size_t of_a_feature = kPerFeature + (kMatrices + shards) * stride * sizeof(float);
  return count * of_a_document + vocabulary.size() * of_a_feature;
}

void move_to_file(LabelledDocuments& documents) {
  std::set<TermStore*> stores;
  for (DocumentBlock* const block : all_blocks(documents)) {
    block->stored.move_to_file();
    stores.insert(block->stored.store());
  }
  for (TermStore* const store : stores) store->free_memory();
}

}  // namespace

Prepared prepare(const corpus::RowSource& corpus, const corpus::RowSource* texts, const TrainOptions& options,
                 const io::Executor& executor, const Progress& progress) {
  const CorpusSample sample = sample_corpus(corpus, executor);
  features::FeatureOptions features = choose_features(sample, options);

  const unsigned hash_bits = choose_hash_bits(corpus.bytes() + (texts == nullptr ? 0 : texts->bytes()));
  const ReadProgress read_progress = [&](std::size_t done, std::size_t total) {
    if (progress) progress(Stage::read, static_cast<double>(done) / static_cast<double>(total));
  };
  Sightings sightings(hash_bits, executor.workers());
  const auto memory = std::make_shared<MemoryPlan>(options.memory);
  memory->require(sightings.bytes() + executor.workers() * kPerWorker, kFirstShare);
  Counting counting{features, hash_bits, memory,
                    [&](const DocumentBlock& block, unsigned worker) { sightings.meet(block, worker); }};
  LabelledDocuments documents = count_documents(corpus, counting, executor, read_progress);
  if (documents.labels.size() > model::kMostLabels) {
    io::throw_input("the corpus has " + text::grouped(documents.labels.size()) + " labels, at most " +
                    text::grouped(model::kMostLabels) + " can be told apart");
  }
  // The sample may have missed a label.
  const int negation_scope = choose_negation_scope(documents.labels.size(), options);
  if (negation_scope != features.negation_scope) {
    features.negation_scope = negation_scope;
    counting.features = features;
    documents = {};
    sightings = Sightings(hash_bits, executor.workers());
    documents = count_documents(corpus, counting, executor, read_progress);
  }
  label_costs(documents, options);  // a weight for a label that is not there is known before the work is done
  if (texts != nullptr) documents.unlabelled = count_unlabelled(*texts, counting, executor);
  Prepared prepared;
  prepared.holdout = choose_holdout(documents, options.holdout, options.max_holdout, options.seed);
  const bool small = is_small(prepared.holdout.texts + documents.unlabelled.count, documents, features);
  prepared.min_documents = choose_min_documents(small, options);
  prepared.keep = choose_keep(small, is_code(sample), options);
  // With a pattern a feature's weights are no more than its documents.
  const std::size_t labels = documents.labels.size();
  const std::size_t most_features = labels < kManyLabels ? kMaxWeights / labels : UINT32_MAX;
  prepared.vocabulary =
      build_vocabulary(documents, std::move(sightings), prepared.min_documents, most_features, executor);
  memory->require(fixed_memory(documents, prepared.vocabulary) + executor.workers() * kPerWorker);
  if (memory->is_overdrawn()) move_to_file(documents);
  prepared.features = std::move(features);
  prepared.documents = std::move(documents);
  return prepared;
}

LabelStatistics count_by_label(const Prepared& prepared, const std::vector<std::uint8_t>& flags, const Guesses* guesses,
                               const io::Executor& executor, const std::vector<std::uint8_t>* further) {
  LabelStatistics statistics;
  if (prepared.documents.labels.size() >= kManyLabels) {
    const FeatureRange all{0, prepared.vocabulary.size()};
    const LabelLists lists(prepared.documents, all, flags, guesses, executor);
    std::optional<LabelLists> others;
    if (further != nullptr) {
      others.emplace(prepared.documents, all, *further, prepared.documents.unlabelled.guesses_without(0), executor);
    }
    statistics.scales = compute_feature_scales(prepared.documents, prepared.vocabulary, lists, executor);
    statistics.counts = LabelCounts(lists, executor, others ? &*others : nullptr);
    return statistics;
  }
  for_each_label_lists(prepared.documents, prepared.vocabulary, flags, guesses, executor, [&](const LabelLists& lists) {
    if (statistics.counts.stride == 0) {
      statistics.counts = LabelCounts(lists.label_counts(), prepared.vocabulary.size());
    }
    const std::vector<float> scales = compute_feature_scales(prepared.documents, prepared.vocabulary, lists, executor);
    statistics.scales.insert(statistics.scales.end(), scales.begin(), scales.end());
    statistics.counts.add(lists, executor);
  });
  return statistics;
}

LabelStatistics count_by_label(const Prepared& prepared, const io::Executor& executor) {
  // Where parts are held out in turn, what they share knows all of them.
  const bool one = prepared.holdout.parts == 1;
  const std::vector<std::uint8_t> nothing(one ? 0 : prepared.documents.document_count, 0);
  std::vector<std::uint8_t> others;  // where one part is held out: what the lists have, so that the part is left
  if (one) {
    for (const std::uint8_t part : prepared.holdout.part) others.push_back(part == 0 ? 1 : 0);
  }
  return count_by_label(prepared, one ? prepared.holdout.part : nothing,
                        prepared.documents.unlabelled.guesses_without(one ? 1 : 0), executor, one ? &others : nullptr);
}

void weigh(Prepared& prepared, const io::Executor& executor) {
  LabelStatistics statistics = count_by_label(prepared, executor);
  prepared.scales = std::move(statistics.scales);
  prepared.label_counts = std::move(statistics.counts);
  prepared.set = TrainingSet(prepared.documents, prepared.scales, executor);
}

}  // namespace textlambda::train
