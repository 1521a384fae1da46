#include "textlambda/metrics/resampled_figures.h"

#include <algorithm>
#include <map>
#include <utility>
#include <variant>

namespace textlambda::metrics {
namespace {

stats::Ranking ranking_of(const PairedRuns& runs, const RunOutcomes& run, std::uint32_t label) {
  std::vector<float> scores(runs.size());
  std::vector<std::uint8_t> positive(runs.size());
  for (std::size_t i = 0; i < scores.size(); ++i) {
    scores[i] = run.log_probabilities[i * runs.known_labels + label];
    positive[i] = runs.truth(i) == label ? 1 : 0;
  }
  return {scores, positive};
}

stats::CalibrationError calibration_of(const PairedRuns& runs, const RunOutcomes& run) {
  std::vector<stats::ConfidenceOutcome> outcomes;
  outcomes.reserve(runs.size());
  for (std::size_t i = 0; i < runs.size(); ++i) {
    outcomes.push_back({run.rows[i].confidence, run.rows[i].correct()});
  }
  return stats::CalibrationError(outcomes);
}

}  // namespace

bool is_ranking(const ResampledFigure& figure) { return std::holds_alternative<RankingFigure>(figure); }

bool is_of_labels(const ResampledFigure& figure) { return std::holds_alternative<FigureOfCounts>(figure); }

LabelCells::LabelCells(const PairedRuns& runs) : labels_(runs.labels), cell_of_(runs.size()) {
  std::map<std::array<std::uint32_t, 3>, std::uint32_t> numbers;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const std::array cell{runs.truth(i), runs.before.rows[i].predicted, runs.after.rows[i].predicted};
    const auto [at, is_new] = numbers.try_emplace(cell, static_cast<std::uint32_t>(cells_.size()));
    if (is_new) {
      cells_.push_back(cell);
      sizes_.push_back(0);
    }
    ++sizes_[at->second];
    cell_of_[i] = at->second;
  }
}

void LabelCells::tally(std::span<const std::uint32_t> counts, Scratch& scratch) const {
  scratch.before.assign(labels_, {});
  scratch.after.assign(labels_, {});
  for (std::size_t c = 0; c < cells_.size(); ++c) {
    const auto [truth, before, after] = cells_[c];
    const std::uint64_t count = counts[c];
    scratch.before[truth].support += count;
    scratch.after[truth].support += count;
    scratch.before[before].predicted += count;
    scratch.after[after].predicted += count;
    if (before == truth) scratch.before[truth].correct += count;
    if (after == truth) scratch.after[truth].correct += count;
  }
}

BeforeAfter figure_of(const ChangeQuestion& question, const LabelCells::Scratch& tally, const LabelAverages& before,
                      const LabelAverages& after) {
  const FigureOfCounts::Value value = std::get<FigureOfCounts>(question.figure).value;
  if (!question.label) return {value(before, {}), value(after, {})};
  return {value(before, tally.before[*question.label]), value(after, tally.after[*question.label])};
}

ExampleFigures::ExampleFigures(const PairedRuns& runs, std::span<const ChangeQuestion> questions)
    : questions_(questions) {
  for (std::uint32_t i = 0; i < runs.size(); ++i) {
    if (runs.truth(i) < runs.known_labels) known_.push_back(i);
  }
  std::vector<bool> wanted(runs.known_labels, false);
  for (std::size_t q = 0; q < questions.size(); ++q) add_question(runs, q, wanted);
  for (std::uint32_t label = 0; label < wanted.size(); ++label) {
    if (!wanted[label]) continue;
    rankings_.push_back({label, ranking_of(runs, runs.before, label), ranking_of(runs, runs.after, label)});
  }
}

void ExampleFigures::add_question(const PairedRuns& runs, std::size_t question, std::vector<bool>& wanted) {
  std::visit(ByKind{[](const FigureOfCounts&) {},
                    [&](const MeanOfTerms& mean) {
                      Terms terms{question, {}, {}};
                      for (const std::uint32_t i : known_) {
                        terms.before.push_back(mean.term(runs.before.rows[i]));
                        terms.after.push_back(mean.term(runs.after.rows[i]));
                      }
                      terms_.push_back(std::move(terms));
                    },
                    [&](const CalibrationFigure&) {
                      if (!calibration_.empty()) return;
                      calibration_ = {calibration_of(runs, runs.before), calibration_of(runs, runs.after)};
                    },
                    [&](const RankingFigure& ranking) {
                      with_precision_ = with_precision_ || ranking.quality != &stats::RankingQuality::auroc;
                      if (questions_[question].label) {
                        wanted[*questions_[question].label] = true;
                      } else {
                        wanted.assign(runs.known_labels, true);
                      }
                    }},
             questions_[question].figure);
}

double ExampleFigures::mean(std::span<const std::uint32_t> counts, std::span<const double> terms) const {
  double sum = 0;
  std::uint64_t known = 0;
  for (std::size_t i = 0; i < known_.size(); ++i) {
    const std::uint32_t count = counts[known_[i]];
    sum += terms[i] * count;
    known += count;
  }
  return known == 0 ? kNotMeasured : sum / static_cast<double>(known);
}

void ExampleFigures::measure(std::span<const std::uint32_t> counts, std::span<BeforeAfter> answers) const {
  for (const Terms& terms : terms_) answers[terms.question] = {mean(counts, terms.before), mean(counts, terms.after)};
  if (!calibration_.empty()) {
    const BeforeAfter calibration{calibration_[0].value(counts), calibration_[1].value(counts)};
    for (std::size_t q = 0; q < questions_.size(); ++q) {
      if (std::holds_alternative<CalibrationFigure>(questions_[q].figure)) answers[q] = calibration;
    }
  }
  if (!rankings_.empty()) measure_rankings(counts, answers);
}

void ExampleFigures::measure_rankings(std::span<const std::uint32_t> counts, std::span<BeforeAfter> answers) const {
  struct Means {
    DefinedMean before, after;
  };
  std::vector<Means> means(questions_.size());
  for (const Rankings& ranking : rankings_) {
    stats::RankingQuality before, after;
    if (with_precision_) {
      before = ranking.before.quality(counts);
      after = ranking.after.quality(counts);
    } else {
      before.auroc = ranking.before.auroc(counts);
      after.auroc = ranking.after.auroc(counts);
    }
    for (std::size_t q = 0; q < questions_.size(); ++q) {
      const auto* figure = std::get_if<RankingFigure>(&questions_[q].figure);
      if (figure == nullptr) continue;
      if (questions_[q].label) {
        if (*questions_[q].label == ranking.label) answers[q] = {before.*figure->quality, after.*figure->quality};
      } else {
        means[q].before.add(before.*figure->quality);
        means[q].after.add(after.*figure->quality);
      }
    }
  }
  for (std::size_t q = 0; q < questions_.size(); ++q) {
    if (is_ranking(questions_[q].figure) && !questions_[q].label) {
      answers[q] = {means[q].before.value(), means[q].after.value()};
    }
  }
}

}  // namespace textlambda::metrics
