#include "textlambda/metrics/resampled_figures.h"

#include <algorithm>
#include <limits>
#include <map>
#include <numeric>

namespace textlambda::metrics {
namespace {

stats::Ranking ranking_of(const PairedRuns& runs, const RunOutcomes& run, std::uint32_t label) {
  std::vector<float> scores(runs.truth.size());
  std::vector<std::uint8_t> positive(runs.truth.size());
  for (std::size_t i = 0; i < scores.size(); ++i) {
    scores[i] = run.log_probabilities[i * runs.known_labels + label];
    positive[i] = runs.truth[i] == label ? 1 : 0;
  }
  return {scores, positive};
}

stats::CalibrationError calibration_of(const PairedRuns& runs, const RunOutcomes& run) {
  std::vector<stats::ConfidenceOutcome> outcomes;
  outcomes.reserve(runs.truth.size());
  for (std::size_t i = 0; i < runs.truth.size(); ++i) {
    outcomes.push_back({run.confidence[i], run.predicted[i] == runs.truth[i]});
  }
  return stats::CalibrationError(outcomes);
}

double label_figure(Figure figure, const LabelCounts& label, const LabelAverages& averages) {
  switch (figure) {
    case Figure::accuracy:
      return averages.accuracy;
    case Figure::balanced_accuracy:
      return averages.balanced_accuracy;
    case Figure::macro_precision:
      return averages.macro_precision;
    case Figure::macro_recall:
      return averages.macro_recall;
    case Figure::macro_f1:
      return averages.macro_f1;
    case Figure::weighted_precision:
      return averages.weighted_precision;
    case Figure::weighted_f1:
      return averages.weighted_f1;
    case Figure::precision:
      return label.precision();
    case Figure::recall:
      return label.recall();
    case Figure::f1:
      return label.f1();
    default:
      return std::numeric_limits<double>::quiet_NaN();
  }
}

}  // namespace

bool is_loss(Figure figure) { return figure == Figure::log_loss || figure == Figure::brier || figure == Figure::ece; }

bool is_ranking(Figure figure) {
  return figure == Figure::macro_auroc || figure == Figure::macro_average_precision || figure == Figure::auroc ||
         figure == Figure::average_precision;
}

bool is_of_labels(Figure figure) { return !is_loss(figure) && !is_ranking(figure); }

LabelCells::LabelCells(const PairedRuns& runs) : labels_(runs.labels), cell_of_(runs.truth.size()) {
  std::map<std::array<std::uint32_t, 3>, std::uint32_t> numbers;
  for (std::size_t i = 0; i < runs.truth.size(); ++i) {
    const std::array cell{runs.truth[i], runs.before.predicted[i], runs.after.predicted[i]};
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
  return {label_figure(question.figure, tally.before[question.label], before),
          label_figure(question.figure, tally.after[question.label], after)};
}

ExampleFigures::ExampleFigures(const PairedRuns& runs, std::span<const ChangeQuestion> questions)
    : runs_(runs), questions_(questions) {
  std::vector<bool> wanted(runs.known_labels, false);
  for (const ChangeQuestion& question : questions) {
    if (question.figure == Figure::ece && calibration_.empty()) {
      calibration_ = {calibration_of(runs, runs.before), calibration_of(runs, runs.after)};
    }
    if (!is_ranking(question.figure)) continue;
    with_precision_ = with_precision_ || question.figure == Figure::average_precision ||
                      question.figure == Figure::macro_average_precision;
    if (question.figure == Figure::auroc || question.figure == Figure::average_precision) {
      wanted[question.label] = true;
    } else {
      wanted.assign(runs.known_labels, true);
    }
  }
  for (std::uint32_t label = 0; label < wanted.size(); ++label) {
    if (!wanted[label]) continue;
    rankings_.push_back({label, ranking_of(runs, runs.before, label), ranking_of(runs, runs.after, label)});
  }
}

ExampleFigures::Means ExampleFigures::means(std::span<const std::uint32_t> counts, const RunOutcomes& run) const {
  const auto mean = [&](std::span<const float> terms) {
    if (terms.empty()) return std::numeric_limits<double>::quiet_NaN();
    double sum = 0;
    std::uint64_t known = 0;
    for (std::size_t i = 0; i < counts.size(); ++i) {
      if (runs_.truth[i] >= runs_.known_labels) continue;
      sum += static_cast<double>(terms[i]) * counts[i];
      known += counts[i];
    }
    return known == 0 ? std::numeric_limits<double>::quiet_NaN() : sum / static_cast<double>(known);
  };
  return {-mean(run.log_p_truth), mean(run.squared_distance)};
}

void ExampleFigures::measure(std::span<const std::uint32_t> counts, std::span<BeforeAfter> answers) const {
  const bool needs_means = std::any_of(questions_.begin(), questions_.end(), [](const ChangeQuestion& question) {
    return question.figure == Figure::log_loss || question.figure == Figure::brier;
  });
  const Means before = needs_means ? means(counts, runs_.before) : Means{};
  const Means after = needs_means ? means(counts, runs_.after) : Means{};
  BeforeAfter calibration;
  if (!calibration_.empty()) calibration = {calibration_[0].value(counts), calibration_[1].value(counts)};

  std::array<DefinedMean, 4> macro;  // AUROC, average precision: before, after
  for (const Rankings& ranking : rankings_) {
    stats::RankingQuality old_quality, new_quality;
    if (with_precision_) {
      old_quality = ranking.before.quality(counts);
      new_quality = ranking.after.quality(counts);
    } else {
      old_quality.auroc = ranking.before.auroc(counts);
      new_quality.auroc = ranking.after.auroc(counts);
    }
    macro[0].add(old_quality.auroc);
    macro[1].add(new_quality.auroc);
    macro[2].add(old_quality.average_precision);
    macro[3].add(new_quality.average_precision);
    for (std::size_t q = 0; q < questions_.size(); ++q) {
      if (questions_[q].label != ranking.label) continue;
      if (questions_[q].figure == Figure::auroc) answers[q] = {old_quality.auroc, new_quality.auroc};
      if (questions_[q].figure == Figure::average_precision) {
        answers[q] = {old_quality.average_precision, new_quality.average_precision};
      }
    }
  }
  for (std::size_t q = 0; q < questions_.size(); ++q) {
    switch (questions_[q].figure) {
      case Figure::log_loss:
        answers[q] = {before.log_loss, after.log_loss};
        break;
      case Figure::brier:
        answers[q] = {before.brier, after.brier};
        break;
      case Figure::ece:
        answers[q] = calibration;
        break;
      case Figure::macro_auroc:
        answers[q] = {macro[0].value(), macro[1].value()};
        break;
      case Figure::macro_average_precision:
        answers[q] = {macro[2].value(), macro[3].value()};
        break;
      default:
        break;
    }
  }
}

}  // namespace textlambda::metrics
