#include "textlambda/train/unlabelled.h"

#include <algorithm>
#include <cmath>
#include <mutex>
#include <span>
#include <utility>
#include <vector>

#include "textlambda/io/error.h"
#include "textlambda/text/count.h"
#include "textlambda/train/calibration.h"
#include "textlambda/train/fit/linear.h"
#include "textlambda/train/holdout.h"
#include "textlambda/train/kinship.h"
#include "textlambda/train/teacher.h"

namespace textlambda::train {
namespace {

// Measured; see docs/learning.md.
constexpr float kGuessWeight = 0.3F;        // of a document with a guessed label, beside one with a label
constexpr float kLeastProbability = 0.01F;  // what is less probable is no part of a guess

// So many held-out documents tell enough; with fewer in one part, further parts are held out.
constexpr std::size_t kEnoughTrials = 600;
constexpr std::size_t kMostTrials = 5;
constexpr double kTrialShare = 0.2;
constexpr std::size_t kMostHeldOut = 3000;

// Distinguishability: texts of the same corpus come to 0.45 … 0.57, those of others to 0.9 and more.
constexpr double kSameKind = 0.6;
constexpr double kOtherKind = 0.8;

// Texts as single words, for the teacher.
struct Words {
  LabelledDocuments documents;
  Vocabulary vocabulary;
};

Words count_words(const corpus::RowSource& corpus, const corpus::RowSource& texts,
                  const features::FeatureOptions& features, const io::Executor& executor) {
  features::FeatureOptions words;
  words.normaliser = features.normaliser;
  words.stop_words = features.stop_words;
  words.words = {1, 1};
  const unsigned hash_bits = choose_hash_bits(corpus.bytes() + texts.bytes());
  Words result;
  const Counting counting{words, hash_bits};
  result.documents = count_documents(corpus, counting, executor, {});
  result.documents.unlabelled = count_unlabelled(texts, counting, executor);
  result.vocabulary = build_vocabulary(result.documents, hash_bits, 2, UINT32_MAX, executor);
  return result;
}

Guesses guess(const Words& words, std::span<const std::uint8_t> left_out, std::span<const float> logits,
              const io::Executor& executor) {
  const std::size_t labels = words.documents.labels.size();
  const std::vector<float> taught = teach({.labelled = words.documents.blocks,
                                           .unlabelled = words.documents.unlabelled.blocks,
                                           .document_frequencies = words.vocabulary.document_frequencies,
                                           .label_count = labels,
                                           .left_out = left_out},
                                          logits, executor);
  Guesses guesses;
  for (std::size_t document = 0; document < words.documents.unlabelled.count; ++document) {
    const std::span<const float> probabilities(&taught[document * labels], labels);
    float total = 0;
    for (const float probability : probabilities) total += probability < kLeastProbability ? 0 : probability;
    for (std::uint32_t label = 0; label < labels; ++label) {
      const float probability = probabilities[label];
      if (probability < kLeastProbability) continue;
      guesses.shares.push_back({label, kGuessWeight * probability / total});
    }
    guesses.end.push_back(static_cast<std::uint32_t>(guesses.shares.size()));
  }
  return guesses;
}

// The teacher has a number for every text and label, several times over.
void check_size(const LabelledDocuments& documents) {
  constexpr std::size_t kMostPairs = std::size_t{1} << 27;
  const std::size_t count = documents.document_count + documents.unlabelled.count;
  if (count <= kMostPairs / documents.labels.size()) return;
  io::throw_input("--unlabelled: " + text::grouped(count) + " texts and " + text::grouped(documents.labels.size()) +
                  " labels are more than guesses can be made for: at most " + text::grouped(kMostPairs) +
                  " pairs of them");
}

// Adds what a part's documents come to without the texts and with them.
void compare(const HeldOut& without, const HeldOut& with, const LabelledDocuments& documents,
             UnlabelledReport& report) {
  const auto add = [&](const HeldOut& held_out, UnlabelledReport::Trial& trial) {
    const HeldOutScores scores =
        score(held_out, fit_temperature(held_out, static_cast<double>(held_out.size()), documents.label_counts));
    trial.documents += scores.documents;
    trial.correct += scores.correct;
    trial.log_loss += scores.log_loss * static_cast<double>(scores.documents);
  };
  add(without, report.without);
  add(with, report.with);
  for (std::size_t document = 0; document < with.size(); ++document) {
    const bool before = without.predicted(document) == without.truths[document];
    const bool after = with.predicted(document) == with.truths[document];
    report.mended += after && !before ? 1 : 0;
    report.spoiled += before && !after ? 1 : 0;
  }
}

// Texts of the same kind help as a rule, so that it is enough if no harm shows. The more they are of another kind, the
// more they have to help beyond chance: up to two standard errors of the difference.
bool is_better(const UnlabelledReport& report) {
  const double gain = static_cast<double>(report.mended) - static_cast<double>(report.spoiled);
  const double doubt = std::clamp((report.distinguishability - kSameKind) / (kOtherKind - kSameKind), 0.0, 1.0);
  if (gain == 0 && doubt == 0) return report.with.log_loss < report.without.log_loss;
  return gain > 2 * doubt * std::sqrt(static_cast<double>(report.mended + report.spoiled));
}

// Parts of the labelled documents to try it on: flags each.
std::vector<std::vector<std::uint8_t>> choose_trials(const LabelledDocuments& documents, std::uint64_t seed) {
  std::vector<std::vector<std::uint8_t>> trials;
  std::size_t held_out = 0;
  for (std::uint64_t round = 1; trials.size() < kMostTrials && held_out < kEnoughTrials; ++round) {
    const Holdout holdout = choose_holdout(documents, kTrialShare, kMostHeldOut, seed + round);
    if (holdout.parts == 0) break;
    for (unsigned part = 1; part <= holdout.parts; ++part) trials.push_back(flags_of(holdout, part));
    held_out += static_cast<std::size_t>(
        std::count_if(holdout.part.begin(), holdout.part.end(), [](std::uint8_t part) { return part != 0; }));
    if (holdout.parts > 1) break;  // each document was held out once
  }
  return trials;
}

}  // namespace

void use_unlabelled(const corpus::RowSource& corpus, const corpus::RowSource& texts, Prepared& prepared,
                    const TrainOptions& options, const io::Executor& executor, const Progress& progress) {
  UnlabelledReport report;
  report.sha256 = texts.sha256();
  Prepared both = prepare(corpus, &texts, options, executor, {});
  check_size(both.documents);
  const Words words = count_words(corpus, texts, prepared.features, executor);
  report.texts = both.documents.unlabelled.count;
  report.distinguishability =
      distinguishability(words.documents.blocks, words.documents.unlabelled.blocks, words.vocabulary.size());
  const auto guess_without = [&](const std::vector<std::uint8_t>& flags) {
    return guess(words, flags, fit_part(both, flags, nullptr, options).unlabelled, io::Executor());
  };

  const std::vector<std::vector<std::uint8_t>> trials = choose_trials(prepared.documents, options.seed);
  std::vector<HeldOut> without(trials.size());
  std::vector<HeldOut> with(trials.size());
  std::mutex mutex;
  std::size_t done = 0;
  executor.run(trials.size(), [&](std::size_t trial, unsigned) {
    without[trial] = fit_part(prepared, trials[trial], nullptr, options).held_out;
    const Guesses guesses = guess_without(trials[trial]);
    with[trial] = fit_part(both, trials[trial], &guesses, options).held_out;
    const std::lock_guard<std::mutex> lock(mutex);
    if (progress) progress(Stage::fit, static_cast<double>(++done) / static_cast<double>(trials.size() + 1));
  });
  for (std::size_t trial = 0; trial < trials.size(); ++trial) {
    compare(without[trial], with[trial], prepared.documents, report);
  }
  report.adopted = is_better(report);
  if (report.adopted) {
    std::vector<Guesses>& guesses = both.documents.unlabelled.guesses;
    std::vector<Guesses> made(both.holdout.parts + 1);
    executor.run(made.size(),
                 [&](std::size_t part, unsigned) { made[part] = guess_without(flags_of(both.holdout, part)); });
    guesses = std::move(made);
    prepared = std::move(both);
  }
  prepared.unlabelled = std::move(report);
}

}  // namespace textlambda::train
