#include "textlambda/metrics/evaluation.h"

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <utility>

#include "textlambda/io/error.h"
#include "textlambda/io/executor.h"
#include "textlambda/metrics/row_collector.h"

namespace textlambda::metrics {
namespace {

// What one chunk came to. Its truths number the chunk's own labels: names become numbers later, in order.
struct ChunkOutcomes {
  std::vector<Outcome> outcomes;
  std::vector<float> log_probabilities;  // one a label for each outcome; none where there would be too many
  std::vector<std::string> unknown_labels;
  corpus::PartitionSummary rows;
};

std::map<std::string, std::uint32_t, std::less<>> number_labels(const model::Classifier& classifier) {
  std::map<std::string, std::uint32_t, std::less<>> numbers;
  for (std::size_t i = 0; i < classifier.label_count(); ++i) {
    numbers.emplace(classifier.label(i), static_cast<std::uint32_t>(i));
  }
  return numbers;
}

}  // namespace

Evaluation evaluate(const model::Classifier& classifier, const corpus::RowSource& corpus, const io::Executor& executor,
                    const Progress& progress, KeepRows keep) {
  const auto known = number_labels(classifier);
  const std::size_t chunks = corpus.partition_count();
  std::vector<ChunkOutcomes> parts(chunks);
  std::optional<RowCollector> collector;
  if (keep == KeepRows::yes) collector.emplace(corpus);
  std::mutex mutex;
  std::size_t done = 0;
  // Beyond the limit the accumulator measures no rankings, whichever examples were the ones too many.
  std::atomic<std::size_t> kept{0};
  const std::size_t label_count = classifier.label_count();
  executor.run(chunks, [&](std::size_t chunk, unsigned) {
    ChunkOutcomes& part = parts[chunk];
    std::map<std::string, std::uint32_t, std::less<>> unknown;
    model::Scratch scratch;
    part.rows = corpus.read(chunk, [&](const corpus::Example& example) {
      auto truth = known.find(example.label);
      if (truth == known.end()) {
        const auto number = static_cast<std::uint32_t>(kUnknownLabel + unknown.size());
        const auto [met, is_new] = unknown.emplace(example.label, number);
        if (is_new) part.unknown_labels.emplace_back(example.label);
        truth = met;
      }
      const bool abstained = classifier.predict(example.text, scratch).abstained;
      part.outcomes.push_back(judge(scratch.logits(), truth->second));
      part.outcomes.back().abstained = abstained;
      if (collector) collector->add(chunk, example, part.outcomes.back());
      if (kept.fetch_add(label_count, std::memory_order_relaxed) + label_count <= kMostLogProbabilities) {
        part.log_probabilities.resize(part.log_probabilities.size() + label_count);
        log_probabilities(scratch.logits(), std::span(part.log_probabilities).last(label_count));
      }
      return true;
    });
    corpus.release(chunk);
    if (!progress) return;
    const std::lock_guard<std::mutex> lock(mutex);
    progress(static_cast<double>(++done) / static_cast<double>(chunks));
  });

  if (kept > kMostLogProbabilities) {
    for (ChunkOutcomes& part : parts) std::vector<float>().swap(part.log_probabilities);
  }

  std::vector<std::string> labels;
  for (std::size_t i = 0; i < classifier.label_count(); ++i) labels.emplace_back(classifier.label(i));
  MetricsAccumulator accumulator(labels);
  if (kept <= kMostLogProbabilities) {
    accumulator.reserve_rankings(kept / label_count);
    if (collector) collector->reserve_log_probabilities(kept);
  }
  Evaluation evaluation;
  for (std::size_t chunk = 0; chunk < chunks; ++chunk) {
    std::vector<std::uint32_t> unknown;
    for (const std::string& label : parts[chunk].unknown_labels) unknown.push_back(accumulator.truth_of(label));
    std::span<const float> scores = parts[chunk].log_probabilities;
    for (Outcome outcome : parts[chunk].outcomes) {
      if (outcome.truth >= kUnknownLabel) outcome.truth = unknown[outcome.truth - kUnknownLabel];
      const std::size_t taken = std::min(scores.size(), label_count);
      accumulator.add(outcome, scores.first(taken));
      scores = scores.subspan(taken);
    }
    if (collector) collector->add_log_probabilities(parts[chunk].log_probabilities);
    std::vector<float>().swap(parts[chunk].log_probabilities);
    evaluation.faults.add(corpus, chunk, parts[chunk].rows);
  }
  evaluation.metrics = accumulator.finish();
  evaluation.abstained = evaluation.metrics.abstained;
  if (evaluation.metrics.n == 0) {
    io::throw_input("has no usable rows, expected labelled examples",
                    corpus.inputs().empty() ? "" : corpus.inputs().front().name);
  }
  if (collector) {
    std::vector<std::vector<std::string>> unknown_labels;
    unknown_labels.reserve(parts.size());
    for (ChunkOutcomes& part : parts) unknown_labels.push_back(std::move(part.unknown_labels));
    evaluation.rows = collector->finish(std::move(labels), unknown_labels);
  }
  return evaluation;
}

}  // namespace textlambda::metrics
