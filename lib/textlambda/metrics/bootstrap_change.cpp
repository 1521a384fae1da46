#include "textlambda/metrics/bootstrap_change.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <stdexcept>

#include "textlambda/metrics/resampled_figures.h"

namespace textlambda::metrics {
namespace {

// Examples × rankings × resamples: some seconds on one processor.
constexpr double kMostRankingSteps = 4e9;
constexpr std::size_t kFewestResamples = 500;

void check(bool fits, const char* what) {
  if (!fits) throw std::domain_error(what);
}

void check_run(const PairedRuns& runs, const RunOutcomes& run, std::span<const ChangeQuestion> questions) {
  const std::size_t n = runs.size();
  check(run.rows.size() == n, "the runs differ in the number of examples");
  for (std::size_t i = 0; i < n; ++i) {
    check(run.rows[i].truth == runs.truth(i), "the runs differ in a truth");
    check(run.rows[i].truth < runs.labels, "a truth out of range");
    check(run.rows[i].predicted < runs.known_labels, "a prediction out of range");
  }
  for (const ChangeQuestion& question : questions) {
    check(question.label.value_or(0) < runs.labels, "a label out of range");
    if (!is_ranking(question.figure)) continue;
    check(question.label.value_or(0) < runs.known_labels, "a ranking of an unknown label");
    check(run.log_probabilities.size() == n * runs.known_labels, "probabilities are missing");
  }
}

void check_runs(const PairedRuns& runs, std::span<const ChangeQuestion> questions) {
  check(runs.known_labels <= runs.labels, "more known labels than labels");
  if (!runs.clusters.empty()) {
    check(runs.clusters.size() == runs.size(), "clusters and examples differ in number");
    check(std::all_of(runs.clusters.begin(), runs.clusters.end(),
                      [&](std::uint32_t cluster) { return cluster < runs.cluster_count; }),
          "a cluster out of range");
  }
  check_run(runs, runs.before, questions);
  check_run(runs, runs.after, questions);
}

// How often each example counts, given how often each unit does.
void spread(const PairedRuns& runs, std::span<const std::uint32_t> units, std::vector<std::uint32_t>& examples) {
  examples.resize(runs.size());
  for (std::size_t i = 0; i < examples.size(); ++i) examples[i] = units[runs.clusters[i]];
}

// Both run's figures of the questions of labels; `counts` are of cells.
void measure_labels(const LabelCells& cells, std::span<const ChangeQuestion> questions,
                    std::span<const std::uint32_t> counts, LabelCells::Scratch& scratch,
                    std::span<BeforeAfter> answers) {
  cells.tally(counts, scratch);
  const LabelAverages before = averages_of(scratch.before);
  const LabelAverages after = averages_of(scratch.after);
  for (std::size_t q = 0; q < questions.size(); ++q) {
    if (is_of_labels(questions[q].figure)) answers[q] = figure_of(questions[q], scratch, before, after);
  }
}

double gain(const ChangeQuestion& question, const BeforeAfter& figures) {
  return question.lower_is_better ? figures.before - figures.after : figures.after - figures.before;
}

// Resamples units and answers all the questions given from the same resamples.
class Resampling {
 public:
  Resampling(const PairedRuns& runs, std::span<const ChangeQuestion> questions)
      : runs_(runs), questions_(questions), cells_(runs), examples_(runs, questions) {
    for (const ChangeQuestion& question : questions) {
      of_labels_ = of_labels_ || is_of_labels(question.figure);
      of_examples_ = of_examples_ || !is_of_labels(question.figure);
    }
  }

  std::vector<BeforeAfter> observed() const {
    std::vector<BeforeAfter> answers(questions_.size());
    const std::vector<std::uint32_t> once(runs_.size(), 1);
    const std::vector<std::uint32_t> sizes(cells_.sizes().begin(), cells_.sizes().end());
    LabelCells::Scratch scratch;
    measure_labels(cells_, questions_, sizes, scratch, answers);
    if (of_examples_) examples_.measure(once, answers);
    return answers;
  }

  stats::BootstrapValues run(const stats::BootstrapOptions& options, const stats::ParallelFor& parallel_for) const {
    const bool clustered = !runs_.clusters.empty();
    if (!clustered && !of_examples_) {
      return stats::bootstrap_cells(
          cells_.sizes(), questions_.size(), [this] { return of_cells(); }, options, parallel_for);
    }
    return stats::bootstrap_units(
        clustered ? runs_.cluster_count : runs_.size(), questions_.size(), [this] { return of_units(); }, options,
        parallel_for);
  }

 private:
  struct Memory {
    std::vector<BeforeAfter> answers;
    std::vector<std::uint32_t> examples, cells;
    LabelCells::Scratch labels;
  };

  void write_gains(std::span<const BeforeAfter> answers, std::span<double> values) const {
    for (std::size_t q = 0; q < questions_.size(); ++q) values[q] = gain(questions_[q], answers[q]);
  }

  stats::ResampleStatistic of_cells() const {
    const auto memory = std::make_shared<Memory>();
    memory->answers.resize(questions_.size());
    return [this, memory](std::span<const std::uint32_t> counts, std::span<double> values) {
      measure_labels(cells_, questions_, counts, memory->labels, memory->answers);
      write_gains(memory->answers, values);
    };
  }

  stats::ResampleStatistic of_units() const {
    const auto memory = std::make_shared<Memory>();
    memory->answers.resize(questions_.size());
    return [this, memory](std::span<const std::uint32_t> units, std::span<double> values) {
      std::span<const std::uint32_t> examples = units;
      if (!runs_.clusters.empty()) {
        spread(runs_, units, memory->examples);
        examples = memory->examples;
      }
      if (of_labels_) {
        memory->cells.assign(cells_.sizes().size(), 0);
        for (std::size_t i = 0; i < examples.size(); ++i) memory->cells[cells_.cell_of()[i]] += examples[i];
        measure_labels(cells_, questions_, memory->cells, memory->labels, memory->answers);
      }
      if (of_examples_) examples_.measure(examples, memory->answers);
      write_gains(memory->answers, values);
    };
  }

  const PairedRuns& runs_;
  std::span<const ChangeQuestion> questions_;
  LabelCells cells_;
  ExampleFigures examples_;
  bool of_labels_ = false;
  bool of_examples_ = false;
};

// Whether the runs differ in what the figure makes of an example.
bool differs(const PairedRuns& runs, std::size_t i, const ResampledFigure& figure) {
  const JudgedRow& before = runs.before.rows[i];
  const JudgedRow& after = runs.after.rows[i];
  if (before.predicted != after.predicted) return true;
  return std::visit(ByKind{[](const FigureOfCounts&) { return false; },
                           [&](const MeanOfTerms& mean) { return mean.term(before) != mean.term(after); },
                           [&](const CalibrationFigure&) { return before.confidence != after.confidence; },
                           [&](const RankingFigure&) {
                             const std::size_t width = runs.known_labels;
                             const auto of_before = runs.before.log_probabilities.subspan(i * width, width);
                             const auto of_after = runs.after.log_probabilities.subspan(i * width, width);
                             return !std::equal(of_before.begin(), of_before.end(), of_after.begin());
                           }},
                    figure);
}

// Units, examples or clusters, in which the runs differ.
std::uint64_t changed_units(const PairedRuns& runs, const ResampledFigure& figure) {
  std::vector<bool> changed(runs.clusters.empty() ? runs.size() : runs.cluster_count, false);
  for (std::size_t i = 0; i < runs.size(); ++i) {
    if (differs(runs, i, figure)) changed[runs.clusters.empty() ? i : runs.clusters[i]] = true;
  }
  return static_cast<std::uint64_t>(std::count(changed.begin(), changed.end(), true));
}

double standard_deviation(std::span<const double> values) {
  double sum = 0;
  for (const double value : values) sum += value;
  const double mean = sum / static_cast<double>(values.size());
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return std::sqrt(squares / static_cast<double>(values.size()));
}

// Questions of one cost share their resamples.
enum class Cost { cells, rankings, examples };

Cost cost_of(const ResampledFigure& figure) {
  return is_of_labels(figure) ? Cost::cells : is_ranking(figure) ? Cost::rankings : Cost::examples;
}

// The answers to the questions chosen, from resamples of their own.
void answer(const PairedRuns& runs, std::span<const ChangeQuestion> questions, double alpha,
            const stats::BootstrapOptions& options, const stats::ParallelFor& parallel_for,
            std::span<BootstrapChange* const> answers) {
  const Resampling resampling(runs, questions);
  const std::vector<BeforeAfter> observed = resampling.observed();
  const stats::BootstrapValues values = resampling.run(options, parallel_for);
  const std::size_t units = runs.clusters.empty() ? runs.size() : runs.cluster_count;
  for (std::size_t q = 0; q < questions.size(); ++q) {
    BootstrapChange& change = *answers[q];
    change.before = observed[q].before;
    change.after = observed[q].after;
    change.estimate = gain(questions[q], observed[q]);
    change.units = units;
    change.changed = changed_units(runs, questions[q].figure);
    change.resamples = options.resamples;
    change.standard_error = standard_deviation(values[q]);
    change.bounds = stats::percentile_interval(values[q], alpha);
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    if (std::exp2(-static_cast<double>(units)) > alpha) change.bounds = {-kInfinity, kInfinity};
    change.p =
        std::max(stats::percentile_p(values[q], -questions[q].margin), std::exp2(-static_cast<double>(change.changed)));
  }
}

}  // namespace

ChangeQuestion resampled(const Measure& measure, std::optional<std::uint32_t> label, double margin) {
  const auto as_it_is = [](const auto& figure) { return ResampledFigure(figure); };
  const ResampledFigure figure = std::visit(
      ByKind{[](const ShareOfRight&) {
               return ResampledFigure(FigureOfCounts(
                   [](const LabelAverages& averages, const LabelCounts& /*label*/) { return averages.accuracy; }));
             },
             [](const UnpairedShare&) -> ResampledFigure {
               throw std::invalid_argument("the examples are not the same in both runs");
             },
             [&](const FigureOfCounts& kind) { return as_it_is(kind); },
             [&](const MeanOfTerms& kind) { return as_it_is(kind); },
             [&](const CalibrationFigure& kind) { return as_it_is(kind); },
             [&](const RankingFigure& kind) { return as_it_is(kind); }},
      measure.kind);
  return {figure, measure.lower_is_better, label, margin};
}

std::vector<BootstrapChange> bootstrap_changes(const PairedRuns& runs, std::span<const ChangeQuestion> questions,
                                               double alpha, const stats::BootstrapOptions& options,
                                               const stats::ParallelFor& parallel_for) {
  check_runs(runs, questions);
  std::vector<BootstrapChange> changes(questions.size());
  // Those of labels are cheap as cells; rankings may have to do with fewer resamples. The others go with neither.
  for (const Cost cost : {Cost::cells, Cost::rankings, Cost::examples}) {
    std::vector<ChangeQuestion> chosen;
    std::vector<BootstrapChange*> answers;
    double rankings = 0;
    for (std::size_t q = 0; q < questions.size(); ++q) {
      if (cost_of(questions[q].figure) != cost) continue;
      rankings = std::min(rankings + (questions[q].label ? 1.0 : static_cast<double>(runs.known_labels)),
                          static_cast<double>(runs.known_labels));
      chosen.push_back(questions[q]);
      answers.push_back(&changes[q]);
    }
    if (chosen.empty()) continue;
    stats::BootstrapOptions bounded = options;
    if (cost == Cost::rankings && runs.size() > 0) {
      const double affordable = kMostRankingSteps / (2 * rankings * static_cast<double>(runs.size()));
      const auto fewest = static_cast<double>(std::min(options.resamples, kFewestResamples));
      bounded.resamples =
          static_cast<std::size_t>(std::clamp(affordable, fewest, static_cast<double>(options.resamples)));
    }
    answer(runs, chosen, alpha, bounded, parallel_for, answers);
  }
  return changes;
}

}  // namespace textlambda::metrics
