#include "textlambda/train/fit/linear.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <mutex>
#include <optional>
#include <utility>

#include "textlambda/train/choices.h"
#include "textlambda/train/fit/fit_rows.h"
#include "textlambda/train/fit/naive_bayes.h"
#include "textlambda/train/many_rows.h"
#include "textlambda/train/sketch.h"

namespace textlambda::train {
namespace {

// Ordinary corpora are as near as this after their first passes; what is nearer costs time and gains nothing, and
// with wrong labels loses (docs/learning.md).
constexpr double kGap = 0.1;
constexpr int kMostEpochs = 50;

// Of many rows. A shard's pass meets a larger gap: what the other one has learnt meanwhile comes all at once.
constexpr std::size_t kShards = 2;
constexpr double kShardedGap = 0.25;
// Of more than two labels, as long as that gap is met: shopping is as good after three passes as after four, imdb with
// its two labels is not.
constexpr int kShardedEpochs = 3;

// Adds the held-out rows' logits under the fit that has not seen them.
void score_held_out(const TrainingSet& set, const FitRows& rows, const Weights& weights, HeldOut& held_out) {
  held_out.label_count = weights.label_count;
  std::vector<float> logits(weights.label_count);
  RowReader reader(set);
  for (std::size_t row = 0; row < rows.size(); ++row) {
    if (!rows.held_out(row)) continue;
    weights.logits(reader.row(rows.document(row)), logits.data());
    float copies = 0;
    for (const FitRows::LabelPart& part : rows.parts(row)) copies += part.documents;
    for (const FitRows::LabelPart& part : rows.parts(row)) {
      held_out.add(logits, part.label, static_cast<std::uint32_t>(part.documents), part.documents / copies);
    }
  }
}

std::vector<float> score_unlabelled(const TrainingSet& set, const UnlabelledDocuments& documents,
                                    const Weights& weights) {
  std::vector<float> logits(documents.count * weights.label_count);
  RowReader reader(set);
  for (std::size_t i = 0; i < documents.count; ++i) {
    weights.logits(reader.row(set.size() - documents.count + i), &logits[i * weights.label_count]);
  }
  return logits;
}

void add_guessed(FitRows& rows, const LabelledDocuments& documents, const Guesses* guesses) {
  if (guesses != nullptr) rows.add_guessed(documents.document_count, *guesses);
}

SolverOptions solver_options(const LabelledDocuments& documents, const TrainOptions& options) {
  SolverOptions solver;
  solver.c = label_costs(documents, options);
  solver.epochs = choose_epochs(documents, options);
  solver.most_epochs = options.epochs ? solver.epochs : kMostEpochs;
  solver.gap = kGap;
  solver.seed = options.seed;
  return solver;
}

// A fit without a part of the documents, whose scales, vectors and prior know nothing of it either.
struct FitWithout {
  std::vector<float> scales;
  TrainingSet set;
  FitRows rows;  // the part's are held out
  Weights weights;
};

// `guesses`: made without the part, or null.
FitWithout fit_without(const Prepared& prepared, const std::vector<std::uint8_t>& flags, const Guesses* guesses,
                       const TrainOptions& options, const SolverOptions& solver, const FitProgress& progress) {
  const io::Executor alone;
  const LabelledDocuments& documents = prepared.documents;
  LabelStatistics statistics = count_by_label(prepared, flags, guesses, alone);
  FitWithout result;
  result.scales = std::move(statistics.scales);
  result.set = TrainingSet(documents, result.scales, alone);
  result.rows = merge_rows(documents, flags, alone);
  Weights prior = make_prior(std::move(statistics.counts), result.set, result.rows, options.prior, alone);
  FitRows fitted = result.rows.without_held_out();
  add_guessed(fitted, documents, guesses);
  result.weights = fit(result.set, fitted, std::move(prior), solver, alone, progress).weights;
  return result;
}

// What fits at one C make of documents that they have not seen.
struct Unseen {
  double c_factor = 1;
  HeldOut held_out;
  std::vector<HeldOut> pruned;  // a part
  double temperature = 1;
};

// By how much the first's loss is smaller on average, and the standard error of that.
struct Gain {
  double mean = 0;
  double error = 0;
};

Gain gain_of(const Unseen& first, const Unseen& second) {
  const std::vector<double> a = losses(first.held_out, first.temperature);
  const std::vector<double> b = losses(second.held_out, second.temperature);
  double total = 0;
  double sum = 0;
  double squares = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const auto weight = static_cast<double>(first.held_out.weights[i]);
    const double gain = b[i] - a[i];
    total += weight;
    sum += weight * gain;
    squares += weight * gain * gain;
  }
  const double mean = sum / total;
  return {mean, std::sqrt(std::max(0.0, squares / total - mean * mean) / total)};
}

// The share of the documents whose text stands under several labels. Such texts are no copies: they come again and
// again, and what is made of texts never seen says less about what the model will be asked.
double recurring_share(const FitRows& rows) {
  double all = 0;
  double recurring = 0;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    for (const FitRows::LabelPart& part : rows.parts(row)) {
      all += part.documents;
      if (rows.parts(row).size() > 1) recurring += part.documents;
    }
  }
  return recurring / all;
}

class LinearFit {
 public:
  LinearFit(Prepared& prepared, const TrainOptions& options, const io::Executor& executor, const Progress& progress)
      : prepared_(prepared),
        options_(options),
        executor_(executor),
        progress_(progress),
        rows_(merge_rows(prepared.documents, left_out(), executor)),
        prior_(make_prior(std::move(prepared.label_counts), prepared.set, rows_, options.prior, executor)) {
    solver_ = solver_options(prepared.documents, options);
    if (rows_.size() >= kManyRows && !prior_.pattern && prepared.documents.unlabelled.count == 0) {
      solver_.shards = kShards;
      solver_.gap = kShardedGap;
      if (!options.epochs && prior_.label_count > 2) solver_.epochs = kShardedEpochs;
    }
    new_share_ = static_cast<float>(1 - recurring_share(rows_));
    // A label may be too rare to give anything.
    const std::vector<std::uint8_t>& parts = prepared.holdout.part;
    measures_ = std::any_of(parts.begin(), parts.end(), [](std::uint8_t part) { return part != 0; });
  }

  Fits run(const corpus::RowSource& corpus) {
    const std::size_t parts = measures_ ? prepared_.holdout.parts : 0;
    Fits fits;
    Fit all;
    Unseen unseen;
    std::vector<PartResult> results(parts);
    const auto hash = [&] { fits.corpus_sha256 = corpus.sha256(); };
    if (solver_.shards > 1 && parts == 1) {
      fit_then_leave_out(hash, all, results[0]);
    } else {
      fit_side_by_side(hash, all, results);
    }
    if (parts > 0) {
      unseen = gather(std::move(results), 1);
      unseen = choose_c_factor(std::move(unseen));
      fits.temperature = unseen.temperature;
      fits.held_out_traits =
          held_out_traits(prepared_.documents, prepared_.holdout.part, unseen.pruned, unseen.temperature);
      fits.held_out = std::move(unseen.held_out);
      if (unseen.c_factor != 1) {
        all.weights = Weights();
        all = fit(prepared_.set, rows_, std::move(prior_), solver_at(unseen.c_factor), executor_, {});
      }
    } else if (options_.holdout > 0) {
      fits.temperature = temperature_of(fits.held_out);
    }
    fits.c = choose_c(prepared_.documents, options_) * unseen.c_factor;
    fits.all = std::move(all.weights);
    fits.epochs = all.epochs;
    fits.gap = all.gap;
    fits.converged = all.gap <= solver_.gap;
    return fits;
  }

 private:
  // Calibrated by less than this, C is left alone.
  static constexpr double kTooSure = 1.18;
  static constexpr std::size_t kEnoughTexts = 100;  // to choose by
  // With so many that are far too sure a smaller C need not be better beyond doubt.
  static constexpr std::size_t kManyTexts = 300;
  static constexpr double kFarTooSure = 1.5;
  static constexpr double kLeastFactor = 1.0 / 256;

  struct PartResult {
    HeldOut held_out;
    HeldOut pruned;  // an entry a document
  };

  std::vector<std::uint8_t> left_out() const {
    if (prepared_.holdout.parts > 1) return std::vector<std::uint8_t>(prepared_.holdout.part.size(), 0);
    return prepared_.holdout.part;
  }

  // The corpus's hash beside them all.
  void fit_side_by_side(const std::function<void()>& hash, Fit& all, std::vector<PartResult>& results) {
    const std::size_t parts = results.size();
    shares_.assign(parts + 1, 0);
    Weights start;  // of the fit without the one part: the fit to everything takes the prior's own
    if (parts == 1) {
      start = prior_without_part(executor_);
      fitted_ = rows_.without_held_out();
      add_guessed(fitted_, prepared_.documents, prepared_.documents.unlabelled.guesses_without(1));
    }
    add_guessed(rows_, prepared_.documents, prepared_.documents.unlabelled.guesses_without(0));
    executor_.run(parts + 2, [&](std::size_t job, unsigned) {
      if (job == 0) {
        all = fit(prepared_.set, rows_, std::move(prior_), solver_, executor_, report(0));
      } else if (job <= parts) {
        results[job - 1] =
            parts == 1 ? measure_one(std::move(start), solver_, report(1)) : measure_part(job, solver_, report(job));
      } else {
        hash();
      }
    });
  }

  void fit_then_leave_out(const std::function<void()>& hash, Fit& all, PartResult& result) {
    shares_.assign(1, 0);
    ShardedFit fit(prepared_.set, rows_, std::move(prior_), solver_, executor_);
    const auto fit_both = [&] {
      const Ascent ascent = fit.ascend(report(0));
      all = {copy(fit.weights(), executor_), ascent.epochs, ascent.gap};
      fit.leave_out_held_out();
    };
    const std::function<void()> jobs[] = {fit_both, hash};
    executor_.run(std::size(jobs), [&](std::size_t job, unsigned) { jobs[job](); });
    result = score_part(prepared_.set, rows_, prepared_.holdout.part, prepared_.scales, fit.weights());
  }

  SolverOptions solver_at(double c_factor) const {
    SolverOptions solver = solver_;
    for (float& c : solver.c) c *= static_cast<float>(c_factor);
    return solver;
  }

  FitProgress report(std::size_t job) {
    if (!progress_) return {};
    return [this, job](double share) {
      const std::lock_guard<std::mutex> lock(mutex_);
      shares_[job] = share;
      double total = 0;
      for (const double done : shares_) total += done;
      progress_(Stage::fit, total / static_cast<double>(shares_.size()));
    };
  }

  // Once more: the first fit took its memory.
  void restore_prior() {
    prior_ = make_prior(count_by_label(prepared_, executor_).counts, prepared_.set, rows_, options_.prior, executor_);
  }

  // What the fit without the one part starts from: the prior, which has not seen it. A pattern with places for what
  // only the part has would tell something of it.
  Weights prior_without_part(const io::Executor& executor) const {
    if (!prior_.pattern) return copy(prior_, executor);
    FitRows rows = rows_;
    LabelStatistics statistics =
        count_by_label(prepared_, prepared_.holdout.part, prepared_.documents.unlabelled.guesses_without(1), executor);
    return make_prior(std::move(statistics.counts), prepared_.set, rows, options_.prior, executor);
  }

  // The one part that is held out, on the vectors and the prior that the fit to everything has.
  PartResult measure_one(Weights start, const SolverOptions& solver, const FitProgress& progress) const {
    const Weights weights = fit(prepared_.set, fitted_, std::move(start), solver, executor_, progress).weights;
    return score_part(prepared_.set, rows_, prepared_.holdout.part, prepared_.scales, weights);
  }

  PartResult measure_part(std::size_t part, const SolverOptions& solver, const FitProgress& progress) const {
    const std::vector<std::uint8_t> flags = flags_of(prepared_.holdout, part);
    const FitWithout fitted =
        fit_without(prepared_, flags, prepared_.documents.unlabelled.guesses_without(part), options_, solver, progress);
    return score_part(fitted.set, fitted.rows, flags, fitted.scales, fitted.weights);
  }

  PartResult score_part(const TrainingSet& set, const FitRows& rows, const std::vector<std::uint8_t>& flags,
                        const std::vector<float>& scales, const Weights& weights) const {
    PartResult result;
    score_held_out(set, rows, weights, result.held_out);
    result.pruned = pruned_logits(prepared_.documents, flags, prepared_.vocabulary, scales, weights,
                                  prepared_.min_documents, prepared_.keep);
    return result;
  }

  Unseen gather(std::vector<PartResult> results, double c_factor) const {
    Unseen unseen;
    unseen.c_factor = c_factor;
    unseen.held_out.label_count = prepared_.documents.labels.size();
    for (PartResult& result : results) {
      unseen.held_out.append(result.held_out);
      unseen.pruned.push_back(std::move(result.pruned));
    }
    for (float& weight : unseen.held_out.weights) weight *= new_share_;
    unseen.temperature = temperature_of(unseen.held_out);
    return unseen;
  }

  double temperature_of(const HeldOut& held_out) const {
    // Texts that recur are known when they come again: as if there were many.
    const double texts = static_cast<double>(prepared_.holdout.texts) / std::max(static_cast<double>(new_share_), 1e-6);
    return fit_temperature(held_out, texts, prepared_.documents.label_counts);
  }

  Unseen measure(double c_factor) const {
    const SolverOptions solver = solver_at(c_factor);
    std::vector<PartResult> results(prepared_.holdout.parts);
    executor_.run(results.size(), [&](std::size_t job, unsigned) {
      results[job] = results.size() == 1 ? measure_one(prior_without_part(io::Executor()), solver, {})
                                         : measure_part(job + 1, solver, {});
    });
    return gather(std::move(results), c_factor);
  }

  // A fit whose logits have to be divided by much to be believed has learnt its documents by heart, wrong labels too.
  Unseen choose_c_factor(Unseen first) {
    if (options_.c || first.temperature < kTooSure || first.held_out.size() < kEnoughTexts) return first;
    restore_prior();
    if (solver_.shards > 1 && prepared_.holdout.parts == 1) {
      // Held against fits that have never seen the part, this has to be one of them.
      fitted_ = rows_.without_held_out();
      first = measure(1);
      if (first.temperature < kTooSure) return first;
    }
    std::optional<Unseen> best;
    double factor = 1;
    while (factor > kLeastFactor) {
      factor /= 4;
      // One step may look worse by chance before the next is better.
      if (factor < (best ? best->c_factor : 1) / 16) break;
      Unseen next = measure(factor);
      if (gain_of(next, best ? *best : first).mean > 0) best = std::move(next);
    }
    if (!best) return first;
    const Gain gain = gain_of(*best, first);
    const bool is_plain = first.temperature > kFarTooSure && first.held_out.size() >= kManyTexts;
    return is_plain || gain.mean > 2 * gain.error ? std::move(*best) : std::move(first);
  }

  Prepared& prepared_;
  const TrainOptions& options_;
  const io::Executor& executor_;
  const Progress& progress_;
  FitRows rows_;
  FitRows fitted_;  // where one part is held out: those that are not
  Weights prior_;
  SolverOptions solver_;
  bool measures_ = false;
  float new_share_ = 1;
  std::mutex mutex_;
  std::vector<double> shares_;
};

}  // namespace

PartFit fit_part(const Prepared& prepared, const std::vector<std::uint8_t>& flags, const Guesses* guesses,
                 const TrainOptions& options) {
  const FitWithout fitted =
      fit_without(prepared, flags, guesses, options, solver_options(prepared.documents, options), {});
  PartFit result;
  result.held_out.label_count = fitted.weights.label_count;
  std::vector<float> logits(fitted.weights.label_count);
  RowReader reader(fitted.set);
  for (std::size_t document = 0; document < flags.size(); ++document) {
    if (flags[document] == 0) continue;
    fitted.weights.logits(reader.row(document), logits.data());
    result.held_out.add(logits, fitted.set.label(document));
  }
  if (guesses == nullptr) {
    result.unlabelled = score_unlabelled(fitted.set, prepared.documents.unlabelled, fitted.weights);
  }
  return result;
}

Fits fit_linear(const corpus::RowSource& corpus, Prepared& prepared, const TrainOptions& options,
                const io::Executor& executor, const Progress& progress) {
  Fits fits = LinearFit(prepared, options, executor, progress).run(corpus);
  prepared.set = TrainingSet();
  return fits;
}

}  // namespace textlambda::train
