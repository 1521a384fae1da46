#include "textlambda/gate/paired_change.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <map>
#include <utility>
#include <variant>

#include "textlambda/gate/figure_words.h"
#include "textlambda/io/error.h"
#include "textlambda/io/executor.h"
#include "textlambda/metrics/bootstrap_change.h"
#include "textlambda/stats/paired_t.h"
#include "textlambda/text/count.h"

namespace textlambda::gate {
namespace {

using metrics::BootstrapChange;
using metrics::ByKind;
using metrics::CalibrationFigure;
using metrics::ChangeQuestion;
using metrics::FigureOfCounts;
using metrics::JudgedRow;
using metrics::JudgedRows;
using metrics::kNotMeasured;
using metrics::MeanOfTerms;
using metrics::MetricName;
using metrics::PairedRuns;
using metrics::RankingFigure;
using metrics::ShareOfRight;
using metrics::UnpairedShare;

// The labels of both runs under common numbers: those that a model knows first.
class CommonLabels {
 public:
  CommonLabels(const JudgedRows& before, const JudgedRows& after)
      : before_(before.labels.size()), after_(after.labels.size()) {
    number(before, 0, before.known_labels, before_);
    number(after, 0, after.known_labels, after_);
    known_ = numbers_.size();
    number(before, before.known_labels, before.labels.size(), before_);
    number(after, after.known_labels, after.labels.size(), after_);
  }

  std::uint32_t before(std::uint32_t label) const { return before_[label]; }
  std::uint32_t after(std::uint32_t label) const { return after_[label]; }
  std::size_t known() const { return known_; }
  std::size_t count() const { return numbers_.size(); }
  std::optional<std::uint32_t> find(const std::string& name) const {
    const auto found = numbers_.find(name);
    return found == numbers_.end() ? std::nullopt : std::optional(found->second);
  }

 private:
  void number(const JudgedRows& rows, std::size_t begin, std::size_t end, std::vector<std::uint32_t>& numbers) {
    for (std::size_t i = begin; i < end; ++i) {
      numbers[i] = numbers_.try_emplace(rows.labels[i], static_cast<std::uint32_t>(numbers_.size())).first->second;
    }
  }

  std::map<std::string, std::uint32_t, std::less<>> numbers_;
  std::vector<std::uint32_t> before_, after_;
  std::size_t known_ = 0;
};

bool is_ranking(const MetricName& metric) { return std::holds_alternative<RankingFigure>(metric.measure->kind); }

// The pairs as the bootstrap takes them: labels by their common numbers.
struct PairedRows {
  std::vector<JudgedRow> before, after;
  std::vector<float> before_probabilities, after_probabilities;
  std::vector<std::uint32_t> clusters;
  std::size_t cluster_count = 0;

  PairedRuns view(std::size_t known, std::size_t labels) const {
    return {known, labels, {before, before_probabilities}, {after, after_probabilities}, clusters, cluster_count};
  }
};

class Asking {
 public:
  Asking(const RunPairs& runs, const ChangeOptions& options)
      : runs_(runs), options_(options), labels_(runs.before, runs.after) {}

  std::vector<PairedChange> answer(std::span<const MetricQuestion> questions) const {
    std::vector<PairedChange> answers(questions.size());
    std::vector<std::size_t> figures;
    std::vector<std::size_t> means;
    for (std::size_t q = 0; q < questions.size(); ++q) {
      const auto resample_it = [&](const auto& /*figure*/) { figures.push_back(q); };
      std::visit(ByKind{[&](const ShareOfRight& right) { answers[q] = share(questions[q], right); },
                        [&](const MeanOfTerms& terms) {
                          if (runs_.clusters != nullptr) return means.push_back(q);
                          answers[q] = mean(questions[q], terms);
                        },
                        [](const UnpairedShare&) {},  // require_answerable lets none of these pass
                        [&](const FigureOfCounts& kind) { resample_it(kind); },
                        [&](const CalibrationFigure& kind) { resample_it(kind); },
                        [&](const RankingFigure& kind) { resample_it(kind); }},
                 questions[q].metric.measure->kind);
    }
    bootstrap(questions, figures, all_rows(), answers);
    bootstrap(questions, means, known_rows(), answers);
    return answers;
  }

 private:
  const JudgedRow& before(const RowPair& pair) const { return runs_.before.rows[pair.before]; }
  const JudgedRow& after(const RowPair& pair) const { return runs_.after.rows[pair.after]; }

  std::vector<RowPair> all_rows() const { return {runs_.pairs.begin(), runs_.pairs.end()}; }

  // Those whose label both models know: of others there is no log-loss.
  std::vector<RowPair> known_rows() const {
    std::vector<RowPair> rows;
    for (const RowPair& pair : runs_.pairs) {
      if (before(pair).truth < runs_.before.known_labels && after(pair).truth < runs_.after.known_labels) {
        rows.push_back(pair);
      }
    }
    return rows;
  }

  std::vector<RowPair> rows_of(const MetricName& metric) const {
    if (metric.label.empty()) return all_rows();
    const std::optional<std::uint32_t> label = labels_.find(metric.label);
    std::vector<RowPair> rows;
    for (const RowPair& pair : runs_.pairs) {
      if (label && labels_.after(after(pair).truth) == *label) rows.push_back(pair);
    }
    return rows;
  }

  PairedChange share(const MetricQuestion& question, const ShareOfRight& right) const {
    const std::vector<RowPair> rows = rows_of(question.metric);
    PairedChange answer;
    answer.n = rows.size();
    stats::PairedCounts flips{rows.size(), 0, 0};
    std::uint64_t right_before = 0;
    std::uint64_t right_after = 0;
    for (const RowPair& pair : rows) {
      const bool was = right.is_right(before(pair), question.metric.k);
      const bool is = right.is_right(after(pair), question.metric.k);
      right_before += was ? 1 : 0;
      right_after += is ? 1 : 0;
      flips.newly_wrong += was && !is ? 1 : 0;
      flips.newly_right += !was && is ? 1 : 0;
    }
    answer.flips = flips;
    const auto n = static_cast<double>(rows.size());
    answer.before = rows.empty() ? kNotMeasured : static_cast<double>(right_before) / n;
    answer.after = rows.empty() ? kNotMeasured : static_cast<double>(right_after) / n;
    if (runs_.clusters != nullptr && !rows.empty()) {
      resample_share(question, right, rows, answer);
      return answer;
    }
    answer.gain = metrics::share_change(flips, question.margin, options_.alpha);
    answer.variance = rows.empty() ? 0 : static_cast<double>(flips.newly_wrong + flips.newly_right) / n;
    answer.method = question.margin > 0 ? "Tango's paired score interval and the exact unconditional test"
                                        : "Tango's paired score interval and McNemar's exact test";
    return answer;
  }

  PairedChange mean(const MetricQuestion& question, const MeanOfTerms& terms) const {
    const bool is_loss = question.metric.measure->lower_is_better;
    std::vector<double> gains;
    double sum_before = 0;
    double sum_after = 0;
    for (const RowPair& pair : known_rows()) {
      const double old_term = terms.term(before(pair));
      const double new_term = terms.term(after(pair));
      sum_before += old_term;
      sum_after += new_term;
      gains.push_back(is_loss ? old_term - new_term : new_term - old_term);
    }
    PairedChange answer;
    answer.n = gains.size();
    const auto n = static_cast<double>(gains.size());
    answer.before = gains.empty() ? kNotMeasured : sum_before / n;
    answer.after = gains.empty() ? kNotMeasured : sum_after / n;
    const stats::MeanDifference difference = stats::mean_difference(gains);
    answer.gain = {difference.mean, stats::paired_t_interval(gains, options_.alpha),
                   stats::paired_t_p(gains, -question.margin)};
    answer.variance = difference.standard_deviation * difference.standard_deviation;
    answer.method = "paired t interval of the mean difference";
    return answer;
  }

  void set_clusters(const std::vector<RowPair>& rows, PairedRows& paired) const {
    if (runs_.clusters == nullptr) return;
    // Only the clusters that are here: an empty one is nothing to draw.
    std::map<std::uint32_t, std::uint32_t> numbers;
    for (const RowPair& pair : rows) {
      const std::uint32_t value = runs_.clusters->rows[pair.after];
      paired.clusters.push_back(numbers.try_emplace(value, static_cast<std::uint32_t>(numbers.size())).first->second);
    }
    paired.cluster_count = numbers.size();
  }

  PairedRows paired(const std::vector<RowPair>& rows, bool probabilities) const {
    PairedRows result;
    for (const RowPair& pair : rows) {
      JudgedRow old_row = before(pair);
      JudgedRow new_row = after(pair);
      old_row.truth = new_row.truth = labels_.after(new_row.truth);
      old_row.predicted = labels_.before(old_row.predicted);
      new_row.predicted = labels_.after(new_row.predicted);
      result.before.push_back(old_row);
      result.after.push_back(new_row);
      for (std::size_t label = 0; probabilities && label < labels_.known(); ++label) {
        result.before_probabilities.push_back(runs_.before.log_probability(pair.before, label));
        result.after_probabilities.push_back(runs_.after.log_probability(pair.after, label));
      }
    }
    set_clusters(rows, result);
    return result;
  }

  std::vector<BootstrapChange> resample(const PairedRuns& runs, std::span<const ChangeQuestion> questions) const {
    return bootstrap_changes(runs, questions, options_.alpha, {},
                             [this](std::size_t items, const std::function<void(std::size_t)>& work) {
                               options_.executor.run(items, [&](std::size_t item, unsigned) { work(item); });
                             });
  }

  void fill(const BootstrapChange& change, std::uint64_t n, PairedChange& answer) const {
    answer.n = n;
    answer.clusters = runs_.clusters == nullptr ? 0 : change.units;
    answer.before = change.before;
    answer.after = change.after;
    answer.gain = change;
    answer.variance = change.standard_error * change.standard_error * static_cast<double>(n);
    answer.method = "paired bootstrap, " + text::grouped(change.resamples) + " resamples of " +
                    text::grouped(change.units) +
                    (runs_.clusters == nullptr ? " examples" : " groups by " + runs_.clusters->name);
  }

  // A share of right answers is the accuracy of a run whose label is "right".
  void resample_share(const MetricQuestion& question, const ShareOfRight& right, const std::vector<RowPair>& rows,
                      PairedChange& answer) const {
    PairedRows result;
    for (const RowPair& pair : rows) {
      JudgedRow row;
      row.truth = 1;
      row.predicted = right.is_right(before(pair), question.metric.k) ? 1 : 0;
      result.before.push_back(row);
      row.predicted = right.is_right(after(pair), question.metric.k) ? 1 : 0;
      result.after.push_back(row);
    }
    set_clusters(rows, result);
    const std::array asked{metrics::resampled(*question.metric.measure, std::nullopt, question.margin)};
    fill(resample(result.view(2, 2), asked).front(), rows.size(), answer);
    // What would be no evidence if the rows were independent is none if they are not.
    answer.gain.p = std::max(answer.gain.p, metrics::share_change(*answer.flips, question.margin, options_.alpha).p);
  }

  void bootstrap(std::span<const MetricQuestion> questions, const std::vector<std::size_t>& chosen,
                 const std::vector<RowPair>& rows, std::vector<PairedChange>& answers) const {
    if (chosen.empty()) return;
    std::vector<ChangeQuestion> asked;
    bool probabilities = false;
    for (const std::size_t q : chosen) {
      const MetricName& metric = questions[q].metric;
      std::optional<std::uint32_t> label;
      if (!metric.label.empty()) label = labels_.find(metric.label).value_or(0);
      asked.push_back(metrics::resampled(*metric.measure, label, questions[q].margin));
      probabilities = probabilities || is_ranking(metric);
    }
    if (rows.empty()) {
      for (const std::size_t q : chosen) {
        answers[q].before = answers[q].after = kNotMeasured;
        answers[q].gain.bounds = {-1, 1};
      }
      return;
    }
    const PairedRows result = paired(rows, probabilities);
    const std::vector<BootstrapChange> changes = resample(result.view(labels_.known(), labels_.count()), asked);
    for (std::size_t i = 0; i < chosen.size(); ++i) fill(changes[i], rows.size(), answers[chosen[i]]);
  }

  const RunPairs& runs_;
  const ChangeOptions& options_;
  CommonLabels labels_;
};

[[noreturn]] void throw_mismatch(const std::string& message) { throw io::Error(io::ErrorKind::mismatch, message); }

bool has_label(const JudgedRows& rows, const std::string& name) {
  return std::find(rows.labels.begin(), rows.labels.end(), name) != rows.labels.end();
}

bool same_known_labels(const JudgedRows& a, const JudgedRows& b) {
  return a.known_labels == b.known_labels &&
         std::equal(a.labels.begin(), a.labels.begin() + static_cast<std::ptrdiff_t>(a.known_labels), b.labels.begin());
}

}  // namespace

void require_answerable(const MetricName& metric, const RunPairs& runs) {
  const std::string name = to_string(metric);
  if (!metric.label.empty() && !has_label(runs.before, metric.label) && !has_label(runs.after, metric.label)) {
    throw_mismatch(name + ": neither model nor test set has this label");
  }
  if (std::holds_alternative<UnpairedShare>(metric.measure->kind)) {
    throw_mismatch(name + ": its examples are not the same in both runs");
  }
  if (!is_ranking(metric)) return;
  const auto known_end = runs.after.labels.begin() + static_cast<std::ptrdiff_t>(runs.after.known_labels);
  if (!metric.label.empty() && std::find(runs.after.labels.begin(), known_end, metric.label) == known_end) {
    throw_mismatch(name + ": the model does not know this label");
  }
  if (!same_known_labels(runs.before, runs.after)) {
    throw_mismatch(name + ": the two models do not have the same labels, so that their rankings cannot be compared");
  }
  if (!runs.before.has_probabilities() || !runs.after.has_probabilities()) {
    throw_mismatch(name + ": too many examples times labels for their probabilities to be kept");
  }
}

std::vector<PairedChange> changes_of(std::span<const MetricQuestion> questions, const RunPairs& runs,
                                     const ChangeOptions& options) {
  for (const MetricQuestion& question : questions) require_answerable(question.metric, runs);
  return Asking(runs, options).answer(questions);
}

}  // namespace textlambda::gate
