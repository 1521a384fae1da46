// Every metric is a row of one table: its name, what it is made of, and with that the statistics that fit it. Options,
// baselines, comparisons and reports read the table; none of them has a list of its own. A new metric is its
// computation (metrics.h, label_averages.h), a row, and a line in docs/gate.md. Immutable, thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "textlambda/metrics/judged_rows.h"
#include "textlambda/metrics/label_averages.h"
#include "textlambda/metrics/metrics.h"
#include "textlambda/metrics/unit.h"
#include "textlambda/stats/ranking.h"

namespace textlambda::metrics {

// The kinds of figure. None has a default: a row that does not say its kind does not compile.

// Share of the examples that are right, by whatever is right: Tango's score interval and an exact test for a change,
// Wilson's interval for one run. `k` is MetricName::k.
struct ShareOfRight {
  explicit constexpr ShareOfRight(bool (*function)(const JudgedRow&, unsigned k)) : is_right(function) {}
  bool (*is_right)(const JudgedRow& row, unsigned k);
};

// Mean of a term over the examples whose label the model knows: Student's t.
struct MeanOfTerms {
  explicit constexpr MeanOfTerms(double (*function)(const JudgedRow&)) : term(function) {}
  double (*term)(const JudgedRow& row);
};

// What truths and predicted labels alone make: the bootstrap, by cells of the confusion matrix. `label` is that of a
// label's figure, else empty.
struct FigureOfCounts {
  using Value = double (*)(const LabelAverages& averages, const LabelCounts& label);
  explicit constexpr FigureOfCounts(Value function) : value(function) {}
  Value value;
};

// The expected calibration error: the bootstrap, example by example.
struct CalibrationFigure {};

// A label's figure from the order of all examples by its probability, and the mean of all labels': the bootstrap, and
// the probabilities of every label.
struct RankingFigure {
  explicit constexpr RankingFigure(double stats::RankingQuality::*member) : quality(member) {}
  double stats::RankingQuality::*quality;
};

// A share of examples that are not the same in both runs: no test of a change, Wilson's interval for one run.
struct UnpairedShare {
  explicit constexpr UnpairedShare(std::uint64_t (*function)(const Metrics&)) : examples(function) {}
  std::uint64_t (*examples)(const Metrics& metrics);  // that it is a share of
};

using FigureKind =
    std::variant<ShareOfRight, MeanOfTerms, FigureOfCounts, CalibrationFigure, RankingFigure, UnpairedShare>;

// For std::visit: a lambda a kind, so that a kind that one forgets does not compile.
template <typename... Cases>
struct ByKind : Cases... {
  using Cases::operator()...;
};
template <typename... Cases>
ByKind(Cases...) -> ByKind<Cases...>;

struct Measure {
  std::string_view name;   // as it is spelled; with "_k_", a number stands for the k: top_3_accuracy
  std::string_view title;  // as a table for people calls that of a whole set; empty where there is none
  FigureKind kind;
  Unit unit = Unit::share;
  bool lower_is_better = false;
  double (*of_set)(const Metrics& metrics, unsigned k) = nullptr;  // none: each label has its own
  double (*of_label)(const LabelMetrics& label) = nullptr;         // none: labels do not have it
  std::uint64_t LabelCounts::*label_examples = nullptr;            // that a label's is made of; none: all
  std::size_t (*most_k)(const Metrics& metrics) = nullptr;         // how many k there are from 1 on; none: it has no k
  bool same_as_accuracy = false;  // an example has one label and is given one: left out where the accuracy stands
  bool in_changes = false;        // among what a comparison shows of two runs
  int place_on_page = 0;          // order in the HTML page's table of metrics; 0: not in it

  bool needs_label() const { return of_set == nullptr; }
  bool has_k() const { return most_k != nullptr; }
  // Whether a change has a test of its own, which costs next to nothing beside the bootstrap.
  bool has_quick_test() const;
};

std::span<const Measure> metric_table();

// The row of this name, with "_k_" for a number; none: nullptr.
const Measure* find_measure(std::string_view name);
// The first row: what is meant where no metric is named.
const Measure& accuracy_measure();
// Of a name or title: "top-k accuracy" → "top-3 accuracy". As it is where the measure has no k.
std::string with_k(std::string_view text, const Measure& measure, unsigned k);

}  // namespace textlambda::metrics
