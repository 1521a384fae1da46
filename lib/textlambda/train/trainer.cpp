#include "textlambda/train/trainer.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <mutex>
#include <utility>

#include "textlambda/archive/sha256.h"
#include "textlambda/features/stop_words.h"
#include "textlambda/features/weighting.h"
#include "textlambda/io/error.h"
#include "textlambda/io/executor.h"
#include "textlambda/model/feature_index.h"
#include "textlambda/model/linear/writer.h"
#include "textlambda/text/utf8.h"
#include "textlambda/train/calibration.h"
#include "textlambda/train/document_counts.h"
#include "textlambda/train/feature_scale.h"
#include "textlambda/train/holdout.h"
#include "textlambda/train/label_lists.h"
#include "textlambda/train/naive_bayes.h"
#include "textlambda/train/selection.h"
#include "textlambda/train/sketch.h"
#include "textlambda/train/solver.h"
#include "textlambda/train/training_set.h"
#include "textlambda/train/vocabulary.h"

#ifndef TEXTLAMBDA_VERSION
#error "the build names the version"
#endif

namespace textlambda::train {
namespace {

// A fit's matrix holds at most this many weights (2 GiB): beyond it the rarest features go. A guard for corpora with
// very many labels.
constexpr std::size_t kMaxWeights = std::size_t{1} << 29;

// Texts at least this long on average need no character n-grams.
constexpr double kLongText = 1000;

// By cross-validation the best of 1, 2, 3, 4, 5, 8 and all tokens to the end of the clause.
constexpr int kNegationScope = 4;
// Where there are few labels they may well be opinions, which negation turns; topics neither gain nor lose by it.
constexpr std::size_t kMostOpinions = 5;

int choose_negation_scope(std::size_t labels, const TrainOptions& options) {
  if (options.words.empty()) return 0;
  return options.negation_scope.value_or(labels <= kMostOpinions ? kNegationScope : 0);
}

features::FeatureOptions choose_features(const corpus::Corpus& corpus, const TrainOptions& options) {
  const CorpusSample sample = sample_corpus(corpus);
  features::FeatureOptions features;
  features.normaliser.lower_case = options.lower_case;
  features.words = options.words;
  features.characters = options.characters                   ? *options.characters
                        : sample.mean_text_bytes < kLongText ? features::NGramRange{2, 5}
                                                             : features::NGramRange{};
  if (features.words.empty() && features.characters.empty()) features.characters = {2, 5};
  features.negation_scope = choose_negation_scope(sample.labels, options);
  std::string buffer;
  features.stop_words =
      features::hash_stop_words(text::repair_utf8(options.stop_words, buffer).text, features.normaliser);
  return features;
}

double choose_c(const LabelledDocuments& documents, const TrainOptions& options) {
  if (options.c) return *options.c;
  return documents.labels.size() == 2 ? 8 : 16;
}

int choose_epochs(const LabelledDocuments& documents, const TrainOptions& options) {
  constexpr std::size_t kManyDocuments = 20000;
  return options.epochs.value_or(documents.document_count >= kManyDocuments ? 4 : 5);
}

// C of each label's documents.
std::vector<float> label_costs(const LabelledDocuments& documents, const TrainOptions& options) {
  std::vector<float> costs;
  const auto labels = static_cast<double>(documents.labels.size());
  for (const std::uint64_t count : documents.label_counts) {
    const double balance = options.balance_labels
                               ? static_cast<double>(documents.document_count) / (labels * static_cast<double>(count))
                               : 1;
    costs.push_back(static_cast<float>(choose_c(documents, options) * balance));
  }
  for (const auto& [label, weight] : options.label_weights) {
    const auto found = std::lower_bound(documents.labels.begin(), documents.labels.end(), label);
    if (found == documents.labels.end() || *found != label) {
      throw io::Error(io::ErrorKind::mismatch, "a weight is given for label \"" + label + "\", which the corpus lacks");
    }
    costs[static_cast<std::size_t>(found - documents.labels.begin())] *= static_cast<float>(weight);
  }
  return costs;
}

// Logits of the held-out documents under the fit that has not seen them.
HeldOut score_held_out(const TrainingSet& set, const std::vector<std::uint8_t>& flags, const Weights& weights) {
  HeldOut held_out;
  held_out.label_count = weights.label_count;
  std::vector<float> logits(weights.label_count);
  for (std::size_t document = 0; document < set.size(); ++document) {
    if (flags[document] == 0) continue;
    weights.logits(set.row(document), logits.data());
    held_out.logits.insert(held_out.logits.end(), logits.begin(), logits.end());
    held_out.truths.push_back(set.label(document));
  }
  return held_out;
}

// Side by side: the matrix may be the largest thing in memory.
Weights copy(const Weights& weights, const io::Executor& executor) {
  Weights result(weights.label_count, weights.matrix.size() / weights.stride);
  constexpr std::size_t kRun = std::size_t{1} << 18;
  executor.run_ranges(weights.matrix.size(), kRun, [&](std::size_t begin, std::size_t end) {
    std::copy_n(&weights.matrix[begin], end - begin, &result.matrix[begin]);
  });
  result.bias = weights.bias;
  return result;
}

struct Fits {
  Weights all;
  HeldOut held_out;
  double temperature = 1;
  std::vector<model::DocumentTraits> held_out_traits;
  std::string corpus_sha256;
};

// The two fits, to everything and to what is not held out, side by side; the corpus's hash beside them.
Fits run_fits(const corpus::Corpus& corpus, const LabelledDocuments& documents, const TrainingSet& set,
              const std::vector<std::uint8_t>& held_out, const Vocabulary& vocabulary, const std::vector<float>& scales,
              Prior prior, const TrainOptions& options, const io::Executor& executor, const Progress& progress) {
  std::vector<std::uint32_t> everything;
  std::vector<std::uint32_t> fitted;
  for (std::uint32_t document = 0; document < set.size(); ++document) {
    everything.push_back(document);
    if (held_out[document] == 0) fitted.push_back(document);
  }
  SolverOptions solver;
  solver.c = label_costs(documents, options);
  solver.epochs = choose_epochs(documents, options);
  solver.seed = options.seed;
  const bool measure = fitted.size() < everything.size();

  std::mutex mutex;
  std::array<double, 2> shares{0, measure ? 0.0 : 1.0};
  const auto report = [&](std::size_t job) -> FitProgress {
    if (!progress) return {};
    return [&, job](double share) {
      const std::lock_guard<std::mutex> lock(mutex);
      shares[job] = share;
      progress(Stage::fit, (shares[0] + shares[1]) / 2);
    };
  };

  Weights start;  // of the second fit: the first takes the prior's own
  if (measure) start = copy(prior.weights, executor);
  Fits fits;
  executor.run(3, [&](std::size_t job, unsigned) {
    if (job == 0) {
      fits.all = fit(set, everything, std::move(prior.weights), prior.handicaps, solver, report(0));
    } else if (job == 1 && measure) {
      const Weights weights = fit(set, fitted, std::move(start), prior.handicaps, solver, report(1));
      fits.held_out = score_held_out(set, held_out, weights);
      fits.temperature = fit_temperature(fits.held_out);
      fits.held_out_traits =
          predict_held_out(documents, held_out, vocabulary, scales, weights, options, fits.temperature);
    } else if (job == 2) {
      fits.corpus_sha256 = corpus.sha256();
    }
  });
  return fits;
}

model::linear::LinearContent make_content(const LabelledDocuments& documents, const Vocabulary& vocabulary,
                                          const std::vector<float>& scales, const Weights& weights,
                                          const std::vector<std::uint32_t>& kept,
                                          const features::FeatureOptions& features) {
  model::linear::LinearContent content;
  content.feature_options = features;
  content.labels = documents.labels;
  content.hash_bits = vocabulary.hash_bits;
  const std::size_t width = weights.stride == 1 ? 1 : weights.label_count;
  content.keys.reserve(kept.size());
  content.scales.reserve(kept.size());
  content.weights.reserve(kept.size() * width);
  for (const std::uint32_t feature : kept) {
    content.keys.push_back(
        model::feature_key(vocabulary.hashes[feature], vocabulary.groups[feature], vocabulary.hash_bits, features));
    content.scales.push_back(scales[feature]);
    const auto row = weights.matrix.begin() + static_cast<std::ptrdiff_t>(feature * weights.stride);
    content.weights.insert(content.weights.end(), row, row + static_cast<std::ptrdiff_t>(width));
  }
  content.bias.assign(weights.bias.begin(), weights.bias.begin() + static_cast<std::ptrdiff_t>(width));
  return content;
}

struct TrainingScores {
  double loss = 0;
  double accuracy = 0;
};

// How the model, pruned and quantised as it will be written, does on the documents it was fitted to.
TrainingScores score_training(const LabelledDocuments& documents, std::size_t feature_count,
                              const model::linear::LinearContent& content,
                              const model::linear::EncodedFeatures& encoded, const std::vector<std::uint32_t>& kept,
                              double temperature, const io::Executor& executor) {
  // Back to the numbers of the training: features that are not kept weigh nothing.
  const model::linear::QuantisedFeatures quantised = model::linear::quantise(content, encoded);
  const std::size_t labels = documents.labels.size();
  Weights weights(labels, feature_count);
  std::copy(content.bias.begin(), content.bias.end(), weights.bias.begin());
  std::vector<float> scales(feature_count, 0);
  const std::size_t width = content.bias.size();
  for (std::size_t i = 0; i < kept.size(); ++i) {
    scales[kept[i]] = quantised.scales[i];
    std::copy_n(&quantised.weights[i * width], width, &weights.matrix[kept[i] * weights.stride]);
  }
  const TrainingSet set(documents, scales, executor);

  constexpr std::size_t kPerItem = 512;
  const std::size_t items = (set.size() + kPerItem - 1) / kPerItem;
  std::vector<TrainingScores> parts(items);  // sums; added up in order
  executor.run(items, [&](std::size_t item, unsigned) {
    HeldOut part;
    part.label_count = labels;
    part.logits.resize(kPerItem * labels);
    for (std::size_t i = item * kPerItem; i < std::min((item + 1) * kPerItem, set.size()); ++i) {
      weights.logits(set.row(i), &part.logits[part.size() * labels]);
      part.truths.push_back(set.label(i));
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

std::optional<HeldOutReport> report_held_out(const HeldOut& held_out, double temperature) {
  if (held_out.size() == 0) return std::nullopt;
  const HeldOutScores scores = score(held_out, temperature);
  HeldOutReport report;
  report.documents = scores.documents;
  report.accuracy = static_cast<double>(scores.correct) / static_cast<double>(scores.documents);
  report.accuracy_interval = stats::wilson_interval(scores.correct, scores.documents);
  report.log_loss = scores.log_loss;
  report.ece = scores.ece;
  return report;
}

void report_rows(const corpus::Corpus& corpus, const LabelledDocuments& documents, TrainingReport& report) {
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

}  // namespace

TrainingResult train(const corpus::Corpus& corpus, const TrainOptions& options, const io::Executor& executor,
                     const Progress& progress) {
  validate(options);
  TrainingResult result;
  TrainingReport& report = result.report;
  features::FeatureOptions features = choose_features(corpus, options);

  // Corpus to counts, counts to features.
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
  const Vocabulary vocabulary =
      build_vocabulary(documents, hash_bits, options.min_documents, kMaxWeights / documents.labels.size(), executor);

  // Features to vectors, vectors to weights.
  const std::vector<std::uint8_t> held_out =
      choose_holdout(documents, options.holdout, options.max_holdout, options.seed);
  std::optional<LabelLists> lists(std::in_place, documents, vocabulary.size(), held_out, executor);
  const std::vector<float> scales = compute_feature_scales(documents, vocabulary, *lists, executor);
  LabelCounts label_counts(*lists, executor);
  lists.reset();
  Fits fits = [&] {
    const TrainingSet set(documents, scales, executor);
    Prior prior = make_prior(std::move(label_counts), set, held_out, options.prior, executor);
    return run_fits(corpus, documents, set, held_out, vocabulary, scales, std::move(prior), options, executor,
                    progress);
  }();

  // Weights to a model.
  const double temperature = fits.temperature;
  const std::vector<float> importance = feature_importance(vocabulary.document_frequencies, scales, fits.all);
  const std::vector<std::uint32_t> kept = select_features(importance, options.keep);
  model::linear::LinearContent content = make_content(documents, vocabulary, scales, fits.all, kept, features);
  content.precision = options.precision;
  content.temperature = static_cast<float>(temperature);
  content.abstain_threshold = static_cast<float>(options.abstain_threshold);
  content.strongest =
      find_strongest(corpus, documents, vocabulary, scales, fits.all, kept, features, options.inspect_bytes, executor);
  content.sketch = make_sketch(documents, held_out, std::move(fits.held_out_traits), vocabulary, importance, kept,
                               options.min_documents);
  if (options.row_filter) content.row_hashes = collect_row_hashes(documents);
  fits.all = Weights();
  const model::linear::EncodedFeatures encoded = model::linear::encode_features(content, executor);
  const TrainingScores training =
      score_training(documents, vocabulary.size(), content, encoded, kept, temperature, executor);
  content.training_loss = training.loss;
  content.training_accuracy = training.accuracy;

  report.tool_version = TEXTLAMBDA_VERSION;
  report.inputs = corpus.inputs();
  report.corpus_sha256 = fits.corpus_sha256;
  report.options_json = to_json(options);
  report.configuration_sha256 = archive::sha256_hex(report.options_json);
  report_rows(corpus, documents, report);
  report.words = features.words;
  report.characters = features.characters;
  report.negation_scope = features.negation_scope;
  report.features_found = vocabulary.found;
  report.features_trained = vocabulary.size();
  report.features_kept = kept.size();
  report.c = choose_c(documents, options);
  report.epochs = choose_epochs(documents, options);
  report.temperature = temperature;
  report.training_loss = training.loss;
  report.training_accuracy = training.accuracy;
  report.held_out = report_held_out(fits.held_out, temperature);
  content.card = to_json(report);
  result.model = model::linear::serialise(content, encoded);
  return result;
}

}  // namespace textlambda::train
