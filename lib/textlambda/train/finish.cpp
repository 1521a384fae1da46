#include "textlambda/train/finish.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <iterator>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "textlambda/encoding/sha256.h"
#include "textlambda/model/feature_index.h"
#include "textlambda/model/linear/writer.h"
#include "textlambda/train/counter_random.h"
#include "textlambda/train/document_sample.h"
#include "textlambda/train/fit/weight_pattern.h"
#include "textlambda/train/selection.h"
#include "textlambda/train/sketch.h"
#include "textlambda/train/training_set.h"

#ifndef TEXTLAMBDA_VERSION
#error "the build names the version"
#endif

namespace textlambda::train {
namespace {

// The upper median. Of a few dozen numbers it is found sooner by counting, which needs no branches, than by sorting.
float median_of(std::span<const float> values) {
  const std::size_t middle = values.size() / 2;
  for (const float candidate : values) {
    std::uint32_t below = 0;
    std::uint32_t equal = 0;
    for (const float value : values) {
      below += value < candidate ? 1U : 0U;
      equal += value == candidate ? 1U : 0U;
    }
    if (below <= middle && below + equal > middle) return candidate;
  }
  return 0;  // not reached: weights are numbers
}

// A feature's weights less their median: probabilities stay the same, since all labels' logits change alike, and the
// weights of the labels that it says nothing of come to about 0, where they need not be written.
void center(Weights& weights, const std::vector<std::uint32_t>& features, const io::Executor& executor) {
  constexpr std::size_t kFeatures = 4096;
  if (weights.pattern || weights.stride == 1) return;
  executor.run_ranges(features.size(), kFeatures, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      const std::span<float> row(&weights.matrix[features[i] * weights.stride], weights.label_count);
      const float median = median_of(row);
      for (float& weight : row) weight -= median;
    }
  });
}

model::linear::LinearContent make_content(const Prepared& prepared, const Weights& weights,
                                          const std::vector<std::uint32_t>& kept) {
  const Vocabulary& vocabulary = prepared.vocabulary;
  model::linear::LinearContent content;
  content.feature_options = prepared.features;
  content.labels = prepared.documents.labels;
  content.hash_bits = vocabulary.hash_bits;
  const std::size_t width = weights.bias.size() == 1 ? 1 : weights.label_count;
  content.keys.reserve(kept.size());
  content.scales.reserve(kept.size());
  std::size_t places = kept.size() * width;
  if (weights.pattern) {
    places = 0;
    for (const std::uint32_t feature : kept) places += weights.pattern->count(feature);
    content.weight_ends.reserve(kept.size());
    content.weight_labels.reserve(places);
  }
  content.weights.reserve(places);
  for (const std::uint32_t feature : kept) {
    content.keys.push_back(model::feature_key(vocabulary.hashes[feature], vocabulary.groups[feature],
                                              vocabulary.hash_bits, prepared.features));
    content.scales.push_back(prepared.scales[feature]);
    if (weights.pattern) {
      weights.pattern->for_each(feature, [&](std::uint32_t label, std::size_t place) {
        content.weight_labels.push_back(label);
        content.weights.push_back(weights.matrix[place]);
      });
      content.weight_ends.push_back(content.weights.size());
      continue;
    }
    const auto row = weights.matrix.begin() + static_cast<std::ptrdiff_t>(feature * weights.stride);
    content.weights.insert(content.weights.end(), row, row + static_cast<std::ptrdiff_t>(width));
  }
  content.bias.assign(weights.bias.begin(), weights.bias.begin() + static_cast<std::ptrdiff_t>(width));
  return content;
}

// The quantised weights of the features that are kept, by the numbers of the training; the others weigh nothing.
Weights by_feature(const model::linear::LinearContent& content, const std::vector<float>& quantised,
                   std::size_t feature_count, const std::vector<std::uint32_t>& kept) {
  Weights weights(content.labels.size(), content.weight_ends.empty() ? feature_count : 0);
  const std::size_t width = content.bias.size();
  if (content.weight_ends.empty()) {
    for (std::size_t i = 0; i < kept.size(); ++i) {
      std::copy_n(&quantised[i * width], width, &weights.matrix[kept[i] * weights.stride]);
    }
  } else {
    // Of the weights that were not left out, which are few.
    std::vector<std::size_t> ends(feature_count, 0);
    std::vector<std::uint32_t> labels;
    std::vector<float> values;
    std::size_t next = 0;  // of `kept`, which rises
    for (std::size_t feature = 0; feature < feature_count; ++feature) {
      if (next < kept.size() && kept[next] == feature) {
        for (std::size_t at = next == 0 ? 0 : content.weight_ends[next - 1]; at < content.weight_ends[next]; ++at) {
          if (quantised[at] == 0) continue;
          labels.push_back(content.weight_labels[at]);
          values.push_back(quantised[at]);
        }
        ++next;
      }
      ends[feature] = labels.size();
    }
    weights = Weights(std::make_shared<const WeightPattern>(content.labels.size(), ends, labels));
    std::size_t at = 0;
    for (std::size_t feature = 0; feature < feature_count; ++feature) {
      for (; at < ends[feature]; ++at) weights.matrix[weights.pattern->find(feature, labels[at])] = values[at];
    }
  }
  std::copy(content.bias.begin(), content.bias.end(), weights.bias.begin());
  return weights;
}

struct TrainingScores {
  double loss = 0;
  double accuracy = 0;
};

// About so many documents, or all where there are fewer: the standard error is below a point of accuracy. By chance,
// since every so manyth could be those of one label.
std::vector<std::uint8_t> sample_flags(std::size_t documents) {
  constexpr std::size_t kEnough = 4096;
  const CounterRandom random(0, 0);
  std::vector<std::uint8_t> flags(documents, 1);
  if (documents <= kEnough) return flags;
  for (std::size_t i = 0; i < documents; ++i) flags[i] = random.below(i, documents) < kEnough ? 1 : 0;
  return flags;
}

// How the model, pruned and quantised as it will be written, does on documents it was fitted to.
TrainingScores score_training(const LabelledDocuments& documents, std::size_t feature_count,
                              const model::linear::LinearContent& content,
                              const model::linear::EncodedFeatures& encoded, const std::vector<std::uint32_t>& kept,
                              double temperature, const io::Executor& executor) {
  model::linear::QuantisedFeatures quantised = model::linear::quantise(content, encoded, executor);
  const std::size_t labels = documents.labels.size();
  const Weights weights = by_feature(content, quantised.weights, feature_count, kept);
  quantised.weights = std::vector<float>();
  std::vector<float> scales(feature_count, 0);
  for (std::size_t i = 0; i < kept.size(); ++i) scales[kept[i]] = quantised.scales[i];
  const LabelledDocuments sample = take_flagged(documents, sample_flags(documents.document_count));
  const TrainingSet set(sample, scales, executor);

  constexpr std::size_t kPerItem = 512;
  const std::size_t items = (set.size() + kPerItem - 1) / kPerItem;
  std::vector<TrainingScores> parts(items);  // sums; added up in order
  executor.run(items, [&](std::size_t item, unsigned) {
    HeldOut part;
    part.label_count = labels;
    std::vector<float> logits(labels);
    RowReader reader(set);
    for (std::size_t i = item * kPerItem; i < std::min((item + 1) * kPerItem, set.size()); ++i) {
      weights.logits(reader.row(i), logits.data());
      part.add(logits, set.label(i));
    }
    const HeldOutScores scores = score(part, temperature);
    parts[item] = {scores.log_loss * static_cast<double>(scores.documents), static_cast<double>(scores.correct)};
  });
  TrainingScores total;
  for (const TrainingScores& part : parts) {
    total.loss += part.loss;
    total.accuracy += part.accuracy;
  }
  total.loss /= static_cast<double>(set.size());
  total.accuracy /= static_cast<double>(set.size());
  return total;
}

std::optional<HeldOutReport> report_held_out(const HeldOut& held_out, unsigned parts, double temperature) {
  if (held_out.size() == 0) return std::nullopt;
  const HeldOutScores scores = score(held_out, temperature);
  HeldOutReport report;
  report.documents = scores.documents;
  report.parts = parts;
  report.accuracy = static_cast<double>(scores.correct) / static_cast<double>(scores.documents);
  // Copies of a text are no further evidence.
  const double texts = std::max(1.0, std::round(scores.texts));
  report.accuracy_interval = stats::wilson_interval(static_cast<std::size_t>(std::round(report.accuracy * texts)),
                                                    static_cast<std::size_t>(texts));
  report.log_loss = scores.log_loss;
  report.ece = scores.ece;
  return report;
}

void report_rows(const corpus::RowSource& corpus, const LabelledDocuments& documents, TrainingReport& report) {
  report.documents = documents.document_count;
  report.repaired_rows = documents.rows.repaired_rows;
  report.bad_row_count = documents.rows.bad_row_count;
  for (std::size_t i = 0; i < documents.rows.bad_rows.size(); ++i) {
    const corpus::BadRow& row = documents.rows.bad_rows[i];
    report.bad_rows.push_back({corpus.locate(documents.bad_row_chunks[i], row.line), row.reason});
  }
  for (std::size_t label = 0; label < documents.labels.size(); ++label) {
    report.labels.push_back({documents.labels[label], documents.label_counts[label]});
  }
}

TrainingReport make_report(const corpus::RowSource& corpus, const Prepared& prepared, const Fits& fits,
                           std::size_t features_kept, const TrainingScores& training, const TrainOptions& options) {
  TrainingReport report;
  report.tool_version = TEXTLAMBDA_VERSION;
  report.inputs = corpus.inputs();
  report.corpus_sha256 = fits.corpus_sha256;
  report.options_json = to_json(options);
  report.configuration_sha256 = encoding::sha256_hex(report.options_json);
  report_rows(corpus, prepared.documents, report);
  report.words = prepared.features.words;
  report.characters = prepared.features.characters;
  report.negation_scope = prepared.features.negation_scope;
  report.lower_case = prepared.features.normaliser.lower_case;
  report.features_found = prepared.vocabulary.found;
  report.features_trained = prepared.vocabulary.size();
  report.features_kept = features_kept;
  report.min_documents = prepared.min_documents;
  report.keep = prepared.keep;
  report.c = fits.c;
  report.epochs = fits.epochs;
  report.gap = fits.gap;
  report.converged = fits.converged;
  report.temperature = fits.temperature;
  report.training_loss = training.loss;
  report.training_accuracy = training.accuracy;
  report.held_out = report_held_out(fits.held_out, prepared.holdout.parts, fits.temperature);
  report.unlabelled = prepared.unlabelled;
  return report;
}

}  // namespace

TrainingResult finish_linear(const corpus::RowSource& corpus, const Prepared& prepared, Fits fits,
                             const TrainOptions& options, const io::Executor& executor) {
  const LabelledDocuments& documents = prepared.documents;
  const Vocabulary& vocabulary = prepared.vocabulary;
  const std::vector<float> importance = feature_importance(vocabulary.document_frequencies, prepared.scales, fits.all);
  const std::vector<std::uint32_t> kept = select_features(importance, prepared.keep);
  center(fits.all, kept, executor);
  model::linear::LinearContent content = make_content(prepared, fits.all, kept);
  content.precision = options.precision;
  content.temperature = static_cast<float>(fits.temperature);
  content.abstain_threshold = static_cast<float>(options.abstain_threshold);
  // What does not need one another, side by side.
  model::linear::EncodedFeatures encoded;
  const std::function<void()> jobs[] = {
      [&] { encoded = model::linear::encode_features(content, executor); },
      [&] {
        content.sketch = make_sketch(documents, prepared.holdout.part, std::move(fits.held_out_traits), vocabulary,
                                     importance, kept, prepared.min_documents);
        if (options.row_filter) content.row_hashes = collect_row_hashes(documents);
      },
      [&] {
        content.strongest = find_strongest(corpus, documents, vocabulary, prepared.scales, fits.all, kept,
                                           prepared.features, options.inspect_bytes, executor);
      },
  };
  executor.run(std::size(jobs), [&](std::size_t job, unsigned) { jobs[job](); });
  fits.all = Weights();
  const TrainingScores training =
      score_training(documents, vocabulary.size(), content, encoded, kept, fits.temperature, executor);
  content.training_loss = training.loss;
  content.training_accuracy = training.accuracy;

  TrainingResult result;
  result.report = make_report(corpus, prepared, fits, kept.size(), training, options);
  content.card = to_json(result.report);
  result.model = model::linear::serialise(content, encoded);
  return result;
}

}  // namespace textlambda::train
