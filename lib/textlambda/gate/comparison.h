// What a gate run found out: a candidate run held against limits, baselines and anchors. Made by gate.h, written out by
// report/. Plain values that own all they hold; names of labels, files and texts are as they came: reports escape them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "textlambda/corpus/row_source.h"
#include "textlambda/gate/verdict.h"
#include "textlambda/metrics/metrics.h"
#include "textlambda/metrics/run_intervals.h"
#include "textlambda/metrics/unit.h"
#include "textlambda/model/explanation.h"
#include "textlambda/stats/interval.h"
#include "textlambda/stats/paired.h"

namespace textlambda::gate {

// The verdict on the whole run: the first of these that holds.
enum class Decision {
  below_floor,   // a --min or --max is missed
  regressed,     // a relative check regressed, others asked at the same time allowed for
  inconclusive,  // a check that was asked for by name is
  improved,      // a check that was asked for by name is, and none of the above
  pass,
};

std::string_view decision_name(Decision decision);  // "BELOW FLOOR", "REGRESSED", …

// Whose predictions these are. Hashes are SHA-256 in hexadecimal; empty where unknown.
struct RunIdentity {
  std::string name;  // the file as it was given: "main.json", "new.tlm"
  std::string tool_version;
  std::string git_revision;
  std::string model_sha256;
  std::string configuration_sha256;
  std::string training_sha256;
  std::string test_sha256;
  std::string predictions_digest;
  double temperature = 0;  // 0: unknown
};

// A figure on the candidate's test set that has a floor or a ceiling.
struct LimitCheck {
  std::string metric;  // "accuracy", "recall[spam]", "accuracy[country=DE]"
  metrics::Unit unit = metrics::Unit::share;
  bool is_floor = true;  // false: a ceiling
  double limit = 0;
  double value = 0;
  std::uint64_t n = 0;  // examples it is computed from
  bool met = true;      // false too where the figure is not defined (NaN)
};

// One question asked of one reference: did this figure fall by more than is allowed?
struct RelativeCheck {
  std::size_t reference = 0;  // index into Comparison::references
  std::string metric;
  metrics::Unit unit = metrics::Unit::share;
  bool lower_is_better = false;
  bool named = true;           // asked for by the user; false: follows from --slice
  std::uint64_t n = 0;         // pairs of examples it is computed from
  std::uint64_t clusters = 0;  // groups that were resampled; 0: examples
  double before = 0;
  double after = 0;
  double delta = 0;                          // after − before
  stats::Interval interval;                  // of delta: each end a one-sided bound at level 1 − alpha
  double margin = 0;                         // loss that is allowed, ≥ 0; of a figure where lower is better, the rise
  double p = 1;                              // one-sided, H0: the loss is within the margin
  double holm_p = 1;                         // the same, adjusted for all relative checks of the run
  Verdict verdict = Verdict::pass;           // adjusted: what counts
  Verdict verdict_alone = Verdict::pass;     // had this been the only question
  std::optional<stats::PairedCounts> flips;  // where the figure is a share of right answers
  double detectable = 0;     // the smallest loss that this test set shows with 80 % power; infinite: none
  std::uint64_t needed = 0;  // examples that the margin would need; 0 where there are enough (or the margin is 0)
  std::string method;        // "Tango's paired score interval, one-sided 95 %; exact McNemar test"

  bool fails() const { return verdict == Verdict::regressed; }
};

// A figure before and after, on the examples both runs have; decides nothing.
struct MetricChange {
  std::string metric;
  metrics::Unit unit = metrics::Unit::share;
  bool lower_is_better = false;
  double before = 0;
  double after = 0;
  std::optional<stats::Interval> interval;  // of after − before, where it costs little to compute
};

struct LabelChange {
  std::string label;
  std::uint64_t support = 0;
  double precision_before = 0, precision_after = 0;
  double recall_before = 0, recall_after = 0;
  double f1_before = 0, f1_after = 0;
};

struct SliceChange {
  std::string column;
  std::string value;
  std::uint64_t n = 0;
  double accuracy_before = 0, accuracy_after = 0;
  std::uint64_t newly_wrong = 0, newly_right = 0;
};

// A row of a test set that is not as it was.
struct ChangedRow {
  corpus::Location location;  // for a removed row: in the baseline's test set
  std::string label_before;   // empty: added
  std::string label_after;    // empty: removed
};

// How the test set differs from the reference's.
struct DatasetChange {
  std::uint64_t before = 0;
  std::uint64_t after = 0;
  std::uint64_t compared = 0;  // rows that both have, with the same label
  std::uint64_t added = 0;
  std::uint64_t repeated = 0;  // of the added ones, those whose text the reference has too: duplicates
  std::uint64_t removed = 0;
  std::uint64_t relabelled = 0;                                       // the same text with another label
  std::vector<ChangedRow> added_rows, removed_rows, relabelled_rows;  // the first ten of each

  bool any() const { return added + removed + relabelled > 0; }
};

enum class Role { baseline, anchor };

struct Reference {
  RunIdentity identity;
  Role role = Role::baseline;
  DatasetChange dataset;
  bool same_predictions = false;   // the digests agree: the relative checks pass without statistics
  stats::PairedCounts flips;       // over all compared rows
  metrics::Metrics before, after;  // both on the compared rows
  std::vector<MetricChange> metrics;
  std::vector<LabelChange> labels;  // by the fall of recall, largest first
  std::vector<SliceChange> slices;  // columns and values in order
};

// A single row, for people to look at.
struct ExampleRow {
  corpus::RowId row;  // in the candidate's test set
  corpus::Location location;
  std::string truth;
  std::string predicted;
  float confidence = 0;
  std::string text;                          // cut to kTextShown bytes; empty where it is kept out or was not read
  std::vector<model::Contribution> reasons;  // the n-grams that decided for `predicted`, strongest first
};

// A row whose rightness changed. `row` is as the candidate has it.
struct Flip {
  ExampleRow row;
  std::string predicted_before;
  float confidence_before = 0;
};

inline constexpr std::size_t kTextShown = 2000;     // bytes of a text
inline constexpr std::size_t kReasonsShown = 8;     // n-grams
inline constexpr std::size_t kFlipsWithText = 100;  // of each kind
inline constexpr std::size_t kErrorsPerCell = 5;    // of the confusion matrix
inline constexpr std::size_t kErrorsWithText = 500;

// Several runs side by side, best first.
struct RunRow {
  std::string name;
  double accuracy = 0;
  stats::Interval interval;  // Wilson, 95 %
  std::string group;         // letters: two runs that share one cannot be told apart
};
struct RunPair {
  std::size_t a = 0, b = 0;  // rows of the table, a before b
  double difference = 0;     // accuracy of a − accuracy of b
  double critical = 0;       // the smallest difference that would count, given how often the two disagree
  double holm_p = 1;         // two-sided exact McNemar test, adjusted for all pairs
};
struct RunTable {
  std::uint64_t n = 0;  // rows that all runs have
  std::vector<RunRow> runs;
  std::vector<RunPair> pairs;
};

struct Comparison {
  RunIdentity candidate;
  double alpha = 0.05;
  std::vector<LimitCheck> limits;
  std::vector<RelativeCheck> checks;
  std::vector<Reference> references;  // baselines, then anchors; empty where the run was held against limits alone
  std::vector<metrics::SliceMetrics> slices;
  // Against the first reference: most confident first. The first kFlipsWithText have their text.
  std::vector<Flip> newly_wrong, newly_right;
  // What is wrong now, most confident first, up to kErrorsPerCell a cell of the confusion matrix.
  std::vector<ExampleRow> errors;
  std::optional<RunTable> table;  // where there is more than one reference
  std::vector<std::string>
      warnings;  // whole sentences: overlap with the training set, a margin that cannot be shown, …

  Decision decision = Decision::pass;
  std::string sentence;  // why, in one line: "accuracy 93.4 % → 91.9 %, at least 0.9 pp lower; 0.5 pp is allowed"

  // Whether anything was asked: a limit or a reference.
  bool asked() const { return !limits.empty() || !references.empty(); }
};

}  // namespace textlambda::gate
