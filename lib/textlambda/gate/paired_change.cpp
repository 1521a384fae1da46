#include "textlambda/gate/paired_change.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <map>
#include <utility>

#include "textlambda/gate/figure_words.h"
#include "textlambda/io/error.h"
#include "textlambda/io/parallel.h"
#include "textlambda/metrics/bootstrap_change.h"
#include "textlambda/stats/paired_t.h"

namespace textlambda::gate {
namespace {

using metrics::BootstrapChange;
using metrics::ChangeQuestion;
using metrics::Figure;
using metrics::JudgedRow;
using metrics::JudgedRows;
using metrics::kNotMeasured;
using metrics::Measure;
using metrics::MetricName;
using metrics::PairedRuns;

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

// Whether a row is right, for metrics that are shares of right answers.
bool is_share_of_right(Measure measure) {
  switch (measure) {
    case Measure::accuracy:
    case Measure::micro_precision:
    case Measure::micro_recall:
    case Measure::micro_f1:
    case Measure::weighted_recall:
    case Measure::recall:
    case Measure::top_k_accuracy:
    case Measure::coverage:
      return true;
    default:
      return false;
  }
}

bool is_right(const JudgedRow& row, const MetricName& metric) {
  if (metric.measure == Measure::top_k_accuracy) return row.rank < metric.k;
  if (metric.measure == Measure::coverage) return !row.abstained;
  return row.correct();
}

bool is_mean(Measure measure) { return measure == Measure::log_loss || measure == Measure::brier; }

bool is_ranking(Measure measure) { return measure == Measure::auroc || measure == Measure::average_precision; }

Figure bootstrap_figure(const MetricName& metric) {
  switch (metric.measure) {
    case Measure::balanced_accuracy:
      return Figure::balanced_accuracy;
    case Measure::macro_precision:
      return Figure::macro_precision;
    case Measure::macro_recall:
      return Figure::macro_recall;
    case Measure::macro_f1:
      return Figure::macro_f1;
    case Measure::weighted_precision:
      return Figure::weighted_precision;
    case Measure::weighted_f1:
      return Figure::weighted_f1;
    case Measure::precision:
      return Figure::precision;
    case Measure::f1:
      return Figure::f1;
    case Measure::log_loss:
      return Figure::log_loss;
    case Measure::brier:
      return Figure::brier;
    case Measure::ece:
      return Figure::ece;
    case Measure::auroc:
      return metric.label.empty() ? Figure::macro_auroc : Figure::auroc;
    case Measure::average_precision:
      return metric.label.empty() ? Figure::macro_average_precision : Figure::average_precision;
    default:
      return Figure::accuracy;
  }
}

// The columns of the pairs, as the bootstrap takes them.
struct PairColumns {
  std::vector<std::uint32_t> truth, before_predicted, after_predicted, clusters;
  std::vector<float> before_confidence, after_confidence, before_log_p, after_log_p, before_squares, after_squares;
  std::vector<float> before_probabilities, after_probabilities;
  std::size_t cluster_count = 0;
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
      const MetricQuestion& question = questions[q];
      if (is_share_of_right(question.metric.measure)) {
        answers[q] = share(question);
      } else if (is_mean(question.metric.measure) && runs_.clusters == nullptr) {
        answers[q] = mean(question);
      } else {
        (is_mean(question.metric.measure) ? means : figures).push_back(q);
      }
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
    if (metric.measure != Measure::recall) return all_rows();
    const std::optional<std::uint32_t> label = labels_.find(metric.label);
    std::vector<RowPair> rows;
    for (const RowPair& pair : runs_.pairs) {
      if (label && labels_.after(after(pair).truth) == *label) rows.push_back(pair);
    }
    return rows;
  }

  PairedChange share(const MetricQuestion& question) const {
    const std::vector<RowPair> rows = rows_of(question.metric);
    PairedChange answer;
    answer.n = rows.size();
    stats::PairedCounts flips{rows.size(), 0, 0};
    std::uint64_t right_before = 0;
    std::uint64_t right_after = 0;
    for (const RowPair& pair : rows) {
      const bool was = is_right(before(pair), question.metric);
      const bool is = is_right(after(pair), question.metric);
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
      resample_share(question, rows, answer);
      return answer;
    }
    answer.gain = metrics::share_change(flips, question.margin, options_.alpha);
    answer.variance = rows.empty() ? 0 : static_cast<double>(flips.newly_wrong + flips.newly_right) / n;
    answer.method = question.margin > 0 ? "Tango's paired score interval and the exact unconditional test"
                                        : "Tango's paired score interval and McNemar's exact test";
    return answer;
  }

  PairedChange mean(const MetricQuestion& question) const {
    const bool log_loss = question.metric.measure == Measure::log_loss;
    std::vector<double> gains;
    double sum_before = 0;
    double sum_after = 0;
    for (const RowPair& pair : known_rows()) {
      const double old_loss = log_loss ? -static_cast<double>(before(pair).log_p_truth)
                                       : static_cast<double>(before(pair).squared_distance);
      const double new_loss =
          log_loss ? -static_cast<double>(after(pair).log_p_truth) : static_cast<double>(after(pair).squared_distance);
      sum_before += old_loss;
      sum_after += new_loss;
      gains.push_back(old_loss - new_loss);
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

  void set_clusters(const std::vector<RowPair>& rows, PairColumns& columns) const {
    if (runs_.clusters == nullptr) return;
    // Only the clusters that are here: an empty one is nothing to draw.
    std::map<std::uint32_t, std::uint32_t> numbers;
    for (const RowPair& pair : rows) {
      const std::uint32_t value = runs_.clusters->rows[pair.after];
      columns.clusters.push_back(numbers.try_emplace(value, static_cast<std::uint32_t>(numbers.size())).first->second);
    }
    columns.cluster_count = numbers.size();
  }

  PairColumns columns_of(const std::vector<RowPair>& rows, bool probabilities) const {
    PairColumns columns;
    for (const RowPair& pair : rows) {
      columns.truth.push_back(labels_.after(after(pair).truth));
      columns.before_predicted.push_back(labels_.before(before(pair).predicted));
      columns.after_predicted.push_back(labels_.after(after(pair).predicted));
      columns.before_confidence.push_back(before(pair).confidence);
      columns.after_confidence.push_back(after(pair).confidence);
      columns.before_log_p.push_back(before(pair).log_p_truth);
      columns.after_log_p.push_back(after(pair).log_p_truth);
      columns.before_squares.push_back(before(pair).squared_distance);
      columns.after_squares.push_back(after(pair).squared_distance);
      for (std::size_t label = 0; probabilities && label < labels_.known(); ++label) {
        columns.before_probabilities.push_back(runs_.before.log_probability(pair.before, label));
        columns.after_probabilities.push_back(runs_.after.log_probability(pair.after, label));
      }
    }
    set_clusters(rows, columns);
    return columns;
  }

  static PairedRuns view(const PairColumns& columns, std::size_t known, std::size_t count) {
    PairedRuns runs;
    runs.known_labels = known;
    runs.labels = count;
    runs.truth = columns.truth;
    runs.before = {columns.before_predicted, columns.before_confidence, columns.before_log_p, columns.before_squares,
                   columns.before_probabilities};
    runs.after = {columns.after_predicted, columns.after_confidence, columns.after_log_p, columns.after_squares,
                  columns.after_probabilities};
    runs.clusters = columns.clusters;
    runs.cluster_count = columns.cluster_count;
    return runs;
  }

  std::vector<BootstrapChange> resample(const PairedRuns& runs, std::span<const ChangeQuestion> questions) const {
    const unsigned threads = options_.threads;
    return bootstrap_changes(runs, questions, options_.alpha, {},
                             [threads](std::size_t items, const std::function<void(std::size_t)>& work) {
                               io::parallel_for(items, threads, [&](std::size_t item, unsigned) { work(item); });
                             });
  }

  void fill(const BootstrapChange& change, std::uint64_t n, PairedChange& answer) const {
    answer.n = n;
    answer.clusters = runs_.clusters == nullptr ? 0 : change.units;
    answer.before = change.before;
    answer.after = change.after;
    answer.gain = change;
    answer.variance = change.standard_error * change.standard_error * static_cast<double>(n);
    answer.method = "paired bootstrap, " + count_words(change.resamples) + " resamples of " +
                    count_words(change.units) +
                    (runs_.clusters == nullptr ? " examples" : " groups by " + runs_.clusters->name);
  }

  // A share of right answers is the accuracy of a run whose label is "right".
  void resample_share(const MetricQuestion& question, const std::vector<RowPair>& rows, PairedChange& answer) const {
    PairColumns columns;
    for (const RowPair& pair : rows) {
      columns.truth.push_back(1);
      columns.before_predicted.push_back(is_right(before(pair), question.metric) ? 1 : 0);
      columns.after_predicted.push_back(is_right(after(pair), question.metric) ? 1 : 0);
    }
    set_clusters(rows, columns);
    const std::array asked{ChangeQuestion{Figure::accuracy, 0, question.margin}};
    fill(resample(view(columns, 2, 2), asked).front(), rows.size(), answer);
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
      const std::uint32_t label = metric.label.empty() ? 0 : labels_.find(metric.label).value_or(0);
      asked.push_back({bootstrap_figure(metric), label, questions[q].margin});
      probabilities = probabilities || is_ranking(metric.measure);
    }
    if (rows.empty()) {
      for (const std::size_t q : chosen) {
        answers[q].before = answers[q].after = kNotMeasured;
        answers[q].gain.bounds = {-1, 1};
      }
      return;
    }
    const PairColumns columns = columns_of(rows, probabilities);
    const std::vector<BootstrapChange> changes = resample(view(columns, labels_.known(), labels_.count()), asked);
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
  if (!is_ranking(metric.measure)) return;
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
