#include "tests/report/sample_report.h"

#include <cmath>
#include <utility>
#include <vector>

namespace textlambda::report {
namespace {

using namespace gate;
using namespace metrics;

struct Row {
  std::uint32_t truth, predicted;
  float confidence;
};

// good is 0, the hostile label 1.
constexpr Row kRows[] = {{0, 0, 0.9F}, {0, 0, 0.8F},  {0, 0, 0.7F}, {0, 1, 0.6F},
                         {1, 1, 0.9F}, {1, 1, 0.85F}, {1, 1, 0.6F}, {1, 0, 0.55F}};

JudgedRows judged_rows() {
  JudgedRows rows;
  rows.labels = {"good", kHostileLabel};
  rows.known_labels = 2;
  rows.inputs = {"te:st,1.jsonl"};
  std::uint64_t line = 0;
  for (const Row& row : kRows) {
    JudgedRow judged;
    judged.hash = ++line;
    judged.line = line;
    judged.truth = row.truth;
    judged.predicted = row.predicted;
    judged.confidence = row.confidence;
    const float p = row.truth == row.predicted ? row.confidence : 1 - row.confidence;
    judged.log_p_truth = std::log(p);
    judged.squared_distance = 2 * (1 - p) * (1 - p);
    judged.rank = row.truth == row.predicted ? 0 : 1;
    rows.rows.push_back(judged);
  }
  return rows;
}

Flip newly_wrong() {
  Flip flip;
  flip.row.location = {"te:st,1.jsonl", 4};
  flip.row.truth = "good";
  flip.row.predicted = kHostileLabel;
  flip.row.confidence = 0.6F;
  flip.row.text = kHostileText;
  flip.row.reasons = {{"<b>", false, 1.5F}, {"fine", false, -0.25F}};
  flip.predicted_before = "good";
  flip.confidence_before = 0.7F;
  return flip;
}

Reference baseline(const Metrics& after) {
  Reference reference;
  reference.identity.name = "main.json";
  reference.identity.model_sha256 = std::string(64, 'b');
  reference.dataset = {8, 8, 8, 0, 0, 0, 0, {}, {}, {}};
  reference.flips = {8, 1, 0};
  reference.before = after;
  reference.before.accuracy = 0.875;
  reference.after = after;
  LabelChange fallen;
  fallen.label = kHostileLabel;
  fallen.support = 4;
  fallen.recall_before = 1;
  fallen.recall_after = 0.75;
  fallen.precision_before = fallen.precision_after = 0.75;
  reference.labels = {fallen};
  return reference;
}

RelativeCheck relative(const char* metric, double before, double after, Verdict verdict) {
  RelativeCheck check;
  check.metric = metric;
  check.n = 8;
  check.before = before;
  check.after = after;
  check.delta = after - before;
  check.interval = {check.delta - 0.02, check.delta + 0.02};
  check.margin = 0.005;
  check.p = 0.01;
  check.holm_p = 0.02;
  check.verdict = verdict;
  check.verdict_alone = Verdict::regressed;
  check.detectable = 0.31;
  check.needed = 32000;
  check.method = "Tango's paired score interval, one-sided 95 %";
  return check;
}

}  // namespace

SampleRun sample_evaluation() {
  SampleRun run;
  run.evaluation.rows = judged_rows();
  run.evaluation.metrics = metrics_of(run.evaluation.rows);
  run.comparison.candidate.name = "new.tlm";
  run.comparison.candidate.model_sha256 = std::string(64, 'a');
  Flip wrong = newly_wrong();
  run.comparison.errors = {std::move(wrong.row)};
  return run;
}

SampleRun sample_run() {
  SampleRun run = sample_evaluation();
  Comparison& comparison = run.comparison;
  comparison.references = {baseline(run.evaluation.metrics)};
  LimitCheck floor;
  floor.metric = std::string("recall[") + kHostileLabel + "]";
  floor.limit = 0.95;
  floor.value = 0.75;
  floor.n = 4;
  floor.met = false;
  comparison.limits = {floor};
  comparison.checks = {relative("accuracy", 0.875, 0.75, Verdict::regressed),
                       relative("recall[good]", 1, 0.75, Verdict::inconclusive)};
  comparison.newly_wrong = {newly_wrong()};
  comparison.warnings = {"3 rows of the test set are in the training set too"};
  comparison.decision = Decision::below_floor;
  comparison.sentence = floor.metric + " is 75.0 %, at least 95.0 % is asked for";
  return run;
}

}  // namespace textlambda::report
