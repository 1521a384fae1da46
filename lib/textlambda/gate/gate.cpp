#include "textlambda/gate/gate.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <utility>

#include "textlambda/gate/dataset_change.h"
#include "textlambda/gate/figure_words.h"
#include "textlambda/gate/paired_change.h"
#include "textlambda/gate/questions.h"
#include "textlambda/gate/row_match.h"
#include "textlambda/gate/run_changes.h"
#include "textlambda/gate/run_table.h"
#include "textlambda/gate/sentence.h"
#include "textlambda/io/error.h"
#include "textlambda/metrics/run_intervals.h"
#include "textlambda/stats/detectable_effect.h"
#include "textlambda/stats/holm.h"
#include "textlambda/text/count.h"

namespace textlambda::gate {
namespace {

using metrics::MetricName;
using metrics::Metrics;
using metrics::RowColumn;

// A reference joined with the candidate.
struct Joined {
  const ReferenceRun& reference;
  RowMatch match;
  std::vector<std::uint32_t> before_of;  // a row of the candidate: the reference's, or kNone
  bool same_predictions = false;
};

constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

class Gate {
 public:
  Gate(const CandidateRun& candidate, std::span<const ReferenceRun> references, const GateRules& rules,
       const GateOptions& options)
      : candidate_(candidate), references_(references), rules_(rules), options_(options) {}

  Comparison run() {
    require_columns();
    require_labels();
    result_.candidate = candidate_.identity;
    result_.alpha = rules_.alpha;
    for (const ReferenceRun& reference : references_) joined_.push_back(join(reference));
    for (const Joined& joined : joined_) result_.references.push_back(describe_reference(joined));
    result_.slices = slice_metrics(candidate_.rows, rules_.slices);
    check_limits();
    for (std::size_t i = 0; i < joined_.size(); ++i) ask(i);
    adjust();
    if (!joined_.empty()) {
      add_flips(joined_.front().reference.baseline.rows, candidate_.rows, joined_.front().match.pairs, result_);
    }
    add_errors(candidate_.rows, result_);
    if (joined_.size() > 1) result_.table = compare_all();
    decide(result_, rules_.on_inconclusive);
    return std::move(result_);
  }

 private:
  // A field that no row has reads as empty in all of them.
  void require_columns() const {
    for (const std::string& name : rules_.columns()) {
      const RowColumn& column = column_of(candidate_.rows, name);
      if (column.values.size() == 1 && column.values.front().empty()) {
        io::throw_input("no row has anything in column \"" + name + "\"",
                        candidate_.rows.inputs.empty() ? "" : candidate_.rows.inputs.front());
      }
    }
  }

  // What is asked has to make sense for this test set, whatever it is held against: it may be about to become the
  // baseline whose settings it is.
  void require_labels() const {
    const std::vector<std::string>& labels = candidate_.rows.labels;
    for (const AskedMetric& asked : relative_questions(rules_.max_drop, rules_.slices, candidate_.rows)) {
      const std::string& label = asked.metric.label;
      if (label.empty() || std::find(labels.begin(), labels.end(), label) != labels.end()) continue;
      throw io::Error(io::ErrorKind::mismatch, to_string(asked.metric) + ": neither model nor test set has this label");
    }
  }

  const RowColumn* clusters() const {
    return rules_.cluster_by.empty() ? nullptr : &column_of(candidate_.rows, rules_.cluster_by);
  }

  Joined join(const ReferenceRun& reference) const {
    Joined joined{reference, match_rows(reference.baseline.rows, candidate_.rows), {}, false};
    const DatasetChange& change = joined.match.change;
    const std::string file = candidate_.rows.inputs.empty() ? "" : candidate_.rows.inputs.front();
    const std::string start = "is not the test set of " + reference.baseline.identity.name + ": ";
    // A baseline made before may differ in nothing that a model sees.
    const bool old = reference.baseline.rows.identity == metrics::RowIdentity::exact;
    const std::string anew =
        old ? "the baseline was made by an earlier version, which told texts apart by their bytes: "
              "--update-baseline makes it anew"
            : "";
    if (change.compared == 0) {
      std::string what = "they have no row in common";
      if (change.relabelled > 0) {
        what = describe(change) + "; no row has the label it had, so that there is nothing to compare";
      }
      what += old ? " (" + anew + ")" : change.relabelled > 0 ? " (--update-baseline begins anew)" : "";
      throw io::Error(io::ErrorKind::mismatch, start + what, file);
    }
    if (change.any() && !options_.allow_dataset_change) {
      throw io::Error(io::ErrorKind::mismatch,
                      start + describe(change) + " (--allow-dataset-change compares the " +
                          text::counted(change.compared, "row") + " that both have" + (old ? "; " + anew : "") + ")",
                      file);
    }
    joined.before_of.assign(candidate_.rows.rows.size(), kNone);
    for (const RowPair& pair : joined.match.pairs) joined.before_of[pair.after] = pair.before;
    joined.same_predictions = same_predictions(reference.baseline.rows, candidate_.rows, joined.match.pairs);
    return joined;
  }

  Reference describe_reference(const Joined& joined) const {
    Reference reference;
    reference.identity = joined.reference.baseline.identity;
    reference.role = joined.reference.role;
    reference.dataset = joined.match.change;
    reference.same_predictions = joined.same_predictions;
    describe_changes({joined.reference.baseline.rows, candidate_.rows, joined.match.pairs, nullptr}, rules_, reference);
    return reference;
  }

  void check_limits() {
    for (const Limit& limit : rules_.limits) {
      for (const MetricName& metric : expand(limit.metric, candidate_.rows)) {
        LimitCheck check;
        check.metric = to_string(metric);
        check.unit = metric.measure->unit;
        check.is_floor = limit.is_floor;
        check.limit = limit.level;
        if (metric.column.empty()) {
          measure(candidate_.metrics, metric, check);
        } else {
          measure(metrics_of(candidate_.rows, rows_of_slice(metric, candidate_.rows)), metric, check);
        }
        result_.limits.push_back(check);
      }
    }
  }

  static void measure(const Metrics& metrics, const MetricName& metric, LimitCheck& check) {
    check.value = figure_of(metrics, metric);
    check.n = examples_of(metrics, metric);
    check.met = check.is_floor ? check.value >= check.limit : check.value <= check.limit;
  }

  // All relative questions of one reference: those of one slice together, so that they share their resamples.
  void ask(std::size_t index) {
    const Joined& joined = joined_[index];
    const std::vector<AskedMetric> questions =
        relative_questions(joined.reference.max_drop, rules_.slices, candidate_.rows);
    std::map<std::pair<std::string, std::string>, std::vector<std::size_t>> of_slice;
    for (std::size_t q = 0; q < questions.size(); ++q) {
      of_slice[{questions[q].metric.column, questions[q].metric.value}].push_back(q);
    }
    std::vector<RelativeCheck> checks(questions.size());
    for (const auto& [slice, members] : of_slice) {
      const std::vector<RowPair> pairs = pairs_of(joined, questions[members.front()].metric);
      const RunPairs runs{joined.reference.baseline.rows, candidate_.rows, pairs, clusters()};
      std::vector<MetricQuestion> asked;
      for (const std::size_t q : members) asked.push_back({questions[q].metric, questions[q].amount});
      const std::vector<PairedChange> changes = answer(joined, asked, runs);
      for (std::size_t i = 0; i < members.size(); ++i) {
        checks[members[i]] = check_of(index, questions[members[i]], changes[i]);
      }
    }
    result_.checks.insert(result_.checks.end(), checks.begin(), checks.end());
  }

  std::vector<RowPair> pairs_of(const Joined& joined, const MetricName& metric) const {
    std::vector<RowPair> pairs;
    for (const std::uint32_t row : rows_of_slice(metric, candidate_.rows)) {
      if (joined.before_of[row] != kNone) pairs.push_back({joined.before_of[row], row});
    }
    return pairs;
  }

  std::vector<PairedChange> answer(const Joined& joined, std::span<const MetricQuestion> questions,
                                   const RunPairs& runs) const {
    if (!joined.same_predictions) return changes_of(questions, runs, {rules_.alpha, options_.executor});
    std::vector<std::uint32_t> rows;
    for (const RowPair& pair : runs.pairs) rows.push_back(pair.after);
    const Metrics metrics = metrics_of(candidate_.rows, rows);
    std::vector<PairedChange> answers;
    for (const MetricQuestion& question : questions) {
      require_answerable(question.metric, runs);
      PairedChange same;
      same.n = examples_of(metrics, question.metric);
      same.before = same.after = figure_of(metrics, question.metric);
      same.gain.bounds = {0, 0};
      same.method = "the same predictions: nothing to test";
      answers.push_back(same);
    }
    return answers;
  }

  RelativeCheck check_of(std::size_t reference, const AskedMetric& asked, const PairedChange& change) const {
    RelativeCheck check;
    check.reference = reference;
    check.metric = to_string(asked.metric);
    check.unit = asked.metric.measure->unit;
    check.lower_is_better = asked.metric.measure->lower_is_better;
    check.named = asked.named;
    check.n = change.n;
    check.clusters = change.clusters;
    check.before = change.before;
    check.after = change.after;
    check.margin = asked.amount;
    const stats::Interval& gain = change.gain.bounds;
    check.delta = check.lower_is_better ? -change.gain.estimate : change.gain.estimate;
    check.interval = check.lower_is_better ? stats::Interval{-gain.high, -gain.low} : gain;
    check.p = check.holm_p = change.gain.p;
    check.flips = change.flips;
    check.method = change.method;
    if (joined_[reference].same_predictions) return check;  // PASS
    check.verdict = check.verdict_alone = judge_change(change.gain, asked.amount, rules_.alpha);
    // Bounds that are infinite say that there is too little to estimate a spread from.
    const bool measurable = std::isfinite(change.variance) && std::isfinite(gain.low) && std::isfinite(gain.high);
    check.detectable = measurable ? stats::detectable_effect(change.variance, change.n, rules_.alpha)
                                  : std::numeric_limits<double>::infinity();
    if (asked.amount > 0 && measurable && check.detectable > asked.amount) {
      check.needed = stats::examples_needed(change.variance, asked.amount, rules_.alpha);
    }
    return check;
  }

  // Holm's adjustment over all questions that were put to statistics.
  void adjust() {
    std::vector<std::size_t> tested;
    std::vector<double> p;
    for (std::size_t i = 0; i < result_.checks.size(); ++i) {
      if (joined_[result_.checks[i].reference].same_predictions) continue;
      tested.push_back(i);
      p.push_back(result_.checks[i].p);
    }
    const std::vector<double> adjusted = stats::holm_adjusted(p);
    for (std::size_t i = 0; i < tested.size(); ++i) {
      RelativeCheck& check = result_.checks[tested[i]];
      check.holm_p = adjusted[i];
      if (check.verdict == Verdict::regressed && check.holm_p > rules_.alpha) check.verdict = Verdict::inconclusive;
    }
  }

  RunTable compare_all() const {
    std::vector<RunRightness> runs(joined_.size() + 1);
    runs[0].name = candidate_.identity.name;
    for (std::size_t i = 0; i < joined_.size(); ++i) runs[i + 1].name = joined_[i].reference.baseline.identity.name;
    for (std::uint32_t row = 0; row < candidate_.rows.rows.size(); ++row) {
      const bool in_all = std::all_of(joined_.begin(), joined_.end(),
                                      [&](const Joined& joined) { return joined.before_of[row] != kNone; });
      if (!in_all) continue;
      runs[0].right.push_back(candidate_.rows.rows[row].correct());
      for (std::size_t i = 0; i < joined_.size(); ++i) {
        runs[i + 1].right.push_back(joined_[i].reference.baseline.rows.rows[joined_[i].before_of[row]].correct());
      }
    }
    return run_table(runs, rules_.alpha);
  }

  const CandidateRun& candidate_;
  std::span<const ReferenceRun> references_;
  const GateRules& rules_;
  const GateOptions& options_;
  std::vector<Joined> joined_;
  Comparison result_;
};

}  // namespace

Comparison run_gate(const CandidateRun& candidate, std::span<const ReferenceRun> references, const GateRules& rules,
                    const GateOptions& options) {
  return Gate(candidate, references, rules, options).run();
}

int exit_status(const Comparison& comparison, OnInconclusive on_inconclusive) {
  switch (comparison.decision) {
    case Decision::below_floor:
    case Decision::regressed:
      return 1;
    case Decision::inconclusive:
      return on_inconclusive == OnInconclusive::fail ? 3 : 0;
    case Decision::improved:
    case Decision::pass:
      break;
  }
  return 0;
}

}  // namespace textlambda::gate
