#include "textlambda/train/fit/linear.h"

#include <algorithm>
#include <array>
#include <mutex>
#include <utility>

#include "textlambda/train/choices.h"
#include "textlambda/train/fit/naive_bayes.h"
#include "textlambda/train/sketch.h"

namespace textlambda::train {
namespace {

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

}  // namespace

Fits fit_linear(const corpus::RowSource& corpus, Prepared& prepared, const TrainOptions& options,
                const io::Executor& executor, const Progress& progress) {
  const TrainingSet& set = prepared.set;
  const std::vector<std::uint8_t>& held_out = prepared.held_out;
  Prior prior = make_prior(std::move(prepared.label_counts), set, held_out, options.prior, executor);
  std::vector<std::uint32_t> everything;
  std::vector<std::uint32_t> fitted;
  for (std::uint32_t document = 0; document < set.size(); ++document) {
    everything.push_back(document);
    if (held_out[document] == 0) fitted.push_back(document);
  }
  SolverOptions solver;
  solver.c = label_costs(prepared.documents, options);
  solver.epochs = choose_epochs(prepared.documents, options);
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
      fits.held_out_traits = predict_held_out(prepared.documents, held_out, prepared.vocabulary, prepared.scales,
                                              weights, options, fits.temperature);
    } else if (job == 2) {
      fits.corpus_sha256 = corpus.sha256();
    }
  });
  prepared.set = TrainingSet();
  return fits;
}

}  // namespace textlambda::train
