#include "textlambda/gate/gate.h"

#include <string>
#include <vector>

#include "textlambda/io/error.h"

#include "tests/catch.h"
#include "tests/metrics/sample_rows.h"

using namespace textlambda;
using namespace textlambda::gate;
using namespace textlambda::metrics;

namespace {

Baseline baseline_of(const JudgedRows& rows, const std::string& name = "old.json") {
  Baseline baseline;
  baseline.identity.name = name;
  baseline.rows = rows;
  return baseline;
}

struct Asked {
  GateSettings settings;
  bool allow_dataset_change = false;
  io::Executor executor;
};

Comparison compare(const JudgedRows& before, const JudgedRows& after, const Asked& asked = {}) {
  const GateRules rules = parse_rules(asked.settings);
  const std::vector<ReferenceRun> references = {{baseline_of(before), Role::baseline, rules.max_drop}};
  RunIdentity identity;
  identity.name = "new.tlm";
  return run_gate({identity, after, metrics_of(after)}, references, rules,
                  {asked.allow_dataset_change, asked.executor});
}

Asked asking(std::vector<std::string> max_drop, std::vector<std::string> min = {}) {
  Asked asked;
  asked.settings.max_drop = std::move(max_drop);
  asked.settings.min = std::move(min);
  return asked;
}

}  // namespace

TEST_CASE("five one-way flips are a regression, four are not") {
  // The exact one-sided p of five is 1/32 = 0.031, of four 1/16 = 0.0625.
  const JudgedRows before = sample_rows(many_rows(200, 0));
  const Comparison five = compare(before, sample_rows(many_rows(200, 5)));
  CHECK(five.decision == Decision::regressed);
  REQUIRE(five.checks.size() == 1);
  CHECK(five.checks[0].p == Approx(1 / 32.0));
  CHECK(five.checks[0].flips->newly_wrong == 5);
  CHECK(five.checks[0].delta == Approx(-0.025));
  CHECK(five.newly_wrong.size() == 5);
  CHECK(exit_status(five, OnInconclusive::warn) == 1);

  const Comparison four = compare(before, sample_rows(many_rows(200, 4)));
  CHECK(four.decision == Decision::inconclusive);
  CHECK(exit_status(four, OnInconclusive::warn) == 0);
  CHECK(exit_status(four, OnInconclusive::pass) == 0);
  CHECK(exit_status(four, OnInconclusive::fail) == 3);
  CHECK(four.warnings.size() == 1);

  CHECK(compare(sample_rows(many_rows(200, 20)), before).decision == Decision::improved);
}

TEST_CASE("a margin allows a loss") {
  const JudgedRows before = sample_rows(many_rows(1000, 0));
  const JudgedRows after = sample_rows(many_rows(1000, 12));
  CHECK(compare(before, after).decision == Decision::regressed);
  CHECK(compare(before, after, asking({"accuracy=5pp"})).decision == Decision::pass);
  const Comparison tight = compare(before, after, asking({"accuracy=1pp"}));
  CHECK(tight.decision == Decision::inconclusive);
  // d = 0.012: 2.49·√(0.012 / 1000) = 0.86 pp: 1 pp can be shown.
  CHECK(tight.checks[0].detectable == Approx(0.00862).epsilon(0.01));
  CHECK(tight.checks[0].needed == 0);
  // (2.4865 / 0.005)² · 0.012
  CHECK(compare(before, after, asking({"accuracy=0.5pp"})).checks[0].needed == Approx(2968).margin(3));
}

TEST_CASE("limits come before everything else") {
  const JudgedRows rows = sample_rows(many_rows(100, 10));
  const Comparison below = compare(rows, rows, asking({}, {"accuracy=0.95", "recall[spam]=50%"}));
  CHECK(below.decision == Decision::below_floor);
  CHECK(below.sentence == "accuracy is 90.0 %, at least 95.0 % is demanded");
  REQUIRE(below.limits.size() == 2);
  CHECK_FALSE(below.limits[0].met);
  CHECK(below.limits[1].met);
  CHECK(compare(rows, rows, asking({}, {"accuracy=0.9"})).decision == Decision::pass);
  Asked ceiling;
  ceiling.settings.max = {"log_loss=0.3", "brier=1"};
  CHECK(compare(rows, rows, ceiling).decision == Decision::below_floor);
  // A figure that is not defined meets no limit; a label that nobody has is a mistake.
  CHECK_THROWS_AS(compare(rows, rows, asking({}, {"recall[eggs]=0.1"})), io::Error);
}

TEST_CASE("the same predictions pass without statistics") {
  const JudgedRows rows = sample_rows(many_rows(50, 10));
  const Comparison same = compare(rows, rows, asking({"accuracy=0pp", "macro_f1=0pp", "log_loss=0"}));
  CHECK(same.decision == Decision::pass);
  CHECK(same.references[0].same_predictions);
  for (const RelativeCheck& check : same.checks) {
    CHECK(check.verdict == Verdict::pass);
    CHECK(check.before == check.after);
  }
  // Another confidence is another prediction.
  std::vector<SampleRow> surer = many_rows(50, 10);
  surer[0].confidence = 0.76F;
  CHECK_FALSE(compare(rows, sample_rows(surer)).references[0].same_predictions);
}

TEST_CASE("a test set that is another one is refused, unless its common rows will do") {
  const JudgedRows before = sample_rows(many_rows(100, 0));
  const JudgedRows after = sample_rows(many_rows(90, 5));
  try {
    compare(before, after);
    FAIL("accepted");
  } catch (const io::Error& error) {
    CHECK(error.kind() == io::ErrorKind::mismatch);
    CHECK_THAT(error.what(), Catch::Contains("10 rows removed") && Catch::Contains("test.jsonl:91"));
  }
  Asked allowed;
  allowed.allow_dataset_change = true;
  const Comparison comparison = compare(before, after, allowed);
  CHECK(comparison.decision == Decision::regressed);
  CHECK(comparison.checks[0].n == 90);
  CHECK(comparison.references[0].dataset.removed == 10);
  CHECK_THROWS_WITH(compare(before, sample_rows({{"x", "ham", "ham"}}), allowed), Catch::Contains("no row in common"));
}

TEST_CASE("many questions are adjusted for, and what would fail alone is said") {
  std::vector<SampleRow> old_rows = many_rows(200, 0);
  std::vector<SampleRow> new_rows = many_rows(200, 5);
  for (std::size_t i = 0; i < old_rows.size(); ++i) {
    // All five flips are in the slice "0" of ten.
    const std::string slice = i < 5 ? "0" : std::to_string(i % 10);
    old_rows[i].columns = {slice};
    new_rows[i].columns = {slice};
  }
  Asked asked;
  asked.settings.slices = {"fold"};
  const Comparison comparison = compare(sample_rows(old_rows, {"fold"}), sample_rows(new_rows, {"fold"}), asked);
  CHECK(comparison.checks.size() == 11);
  CHECK(comparison.slices.size() == 10);
  CHECK(comparison.checks[0].named);
  CHECK_FALSE(comparison.checks[1].named);
  CHECK(comparison.checks[0].metric == "accuracy");
  CHECK(comparison.checks[1].metric == "accuracy[fold=0]");
  // 1/32 times eleven questions.
  CHECK(comparison.checks[0].holm_p == Approx(11 / 32.0));
  CHECK(comparison.checks[0].verdict_alone == Verdict::regressed);
  CHECK(comparison.checks[0].verdict == Verdict::inconclusive);
  CHECK(comparison.checks[1].verdict_alone == Verdict::regressed);
  CHECK(comparison.decision == Decision::inconclusive);
  CHECK_THAT(comparison.warnings.at(0), Catch::Contains("would fail alone"));
}

TEST_CASE("a slice that got much worse fails the run though all together did not") {
  std::vector<SampleRow> old_rows = many_rows(400, 30, 100);
  std::vector<SampleRow> new_rows = many_rows(400, 30);
  for (std::size_t i = 0; i < old_rows.size(); ++i) {
    const std::string slice = i < 40 ? "DE" : "FR";
    old_rows[i].columns = {slice};
    new_rows[i].columns = {slice};
  }
  Asked asked;
  asked.settings.slices = {"country"};
  const Comparison comparison = compare(sample_rows(old_rows, {"country"}), sample_rows(new_rows, {"country"}), asked);
  CHECK(comparison.decision == Decision::regressed);
  CHECK_THAT(comparison.sentence, Catch::StartsWith("accuracy[country=DE] 100.0 % → 25.0 %, at least "));
  CHECK(comparison.references[0].slices.size() == 2);
  CHECK(comparison.references[0].slices[0].newly_wrong == 30);
}

TEST_CASE("every kind of metric can be asked, with the same bits for any number of threads", "[threads]") {
  const JudgedRows before = sample_rows(many_rows(120, 4));
  const JudgedRows after = sample_rows(many_rows(120, 30));
  Asked asked = asking({"accuracy=1pp", "balanced_accuracy=1pp", "macro_f1=1pp", "weighted_f1=1pp", "micro_f1=1pp",
                        "log_loss=0.01", "brier=0.01", "ece=1pp", "auroc=1pp", "average_precision=1pp", "recall[*]=1pp",
                        "precision[spam]=1pp", "f1[ham]=1pp", "top_1_accuracy=1pp", "coverage=1pp", "auroc[ham]=1pp"});
  const Comparison one = compare(before, after, asked);
  asked.executor = io::Executor(3);
  const Comparison three = compare(before, after, asked);
  REQUIRE(one.checks.size() == 17);
  REQUIRE(three.checks.size() == 17);
  for (std::size_t i = 0; i < one.checks.size(); ++i) {
    CAPTURE(one.checks[i].metric);
    CHECK(one.checks[i].p == three.checks[i].p);
    CHECK(one.checks[i].interval.low == three.checks[i].interval.low);
    CHECK(one.checks[i].interval.high == three.checks[i].interval.high);
    CHECK(one.checks[i].interval.low <= one.checks[i].delta);
    CHECK(one.checks[i].interval.high >= one.checks[i].delta);
    CHECK_FALSE(one.checks[i].method.empty());
    if (one.checks[i].metric != "coverage" && one.checks[i].metric != "ece") {
      CHECK(one.checks[i].verdict == Verdict::regressed);
    }
  }
  CHECK_THROWS_AS(compare(before, after, asking({"risk=1pp"})), io::Error);
  CHECK_THROWS_AS(compare(before, after, asking({"auroc[eggs]=1pp"})), io::Error);
}

TEST_CASE("rows of one group are one piece of evidence") {
  // All flips are one customer's: alone they are a regression, as a group they are one observation.
  std::vector<SampleRow> old_rows = many_rows(200, 0);
  std::vector<SampleRow> new_rows = many_rows(200, 10);
  for (std::size_t i = 0; i < old_rows.size(); ++i) {
    const std::string customer = i < 10 ? "big" : std::to_string(i % 40);
    old_rows[i].columns = {customer};
    new_rows[i].columns = {customer};
  }
  const JudgedRows before = sample_rows(old_rows, {"customer"});
  const JudgedRows after = sample_rows(new_rows, {"customer"});
  CHECK(compare(before, after).decision == Decision::regressed);
  Asked asked;
  asked.settings.cluster_by = "customer";
  const Comparison grouped = compare(before, after, asked);
  CHECK(grouped.checks[0].clusters == 41);
  CHECK(grouped.decision == Decision::inconclusive);
  asked.settings.cluster_by = "nothing";
  CHECK_THROWS_AS(compare(before, after, asked), io::Error);
}

TEST_CASE("groups of one row each are not more evidence than the rows") {
  std::vector<SampleRow> old_rows = many_rows(200, 1);
  std::vector<SampleRow> new_rows = many_rows(200, 6);
  for (std::size_t i = 0; i < old_rows.size(); ++i) old_rows[i].columns = new_rows[i].columns = {std::to_string(i)};
  // The row that was wrong is right now, and six others are wrong: P(X ≥ 6), X ~ Bin(7, ½).
  std::swap(old_rows[0].predicted, old_rows[10].predicted);
  const JudgedRows before = sample_rows(old_rows, {"row"});
  const JudgedRows after = sample_rows(new_rows, {"row"});
  Asked asked;
  asked.settings.cluster_by = "row";
  const Comparison grouped = compare(before, after, asked);
  REQUIRE(grouped.checks[0].flips);
  CHECK(grouped.checks[0].flips->newly_wrong == 6);
  CHECK(grouped.checks[0].flips->newly_right == 1);
  CHECK(grouped.checks[0].p >= 8.0 / 128);
  CHECK(grouped.decision == Decision::inconclusive);
}

TEST_CASE("several references: each is asked, an anchor under its own margin, and all are compared in a table") {
  const JudgedRows best = sample_rows(many_rows(300, 0));
  const JudgedRows middle = sample_rows(many_rows(300, 20));
  const JudgedRows after = sample_rows(many_rows(300, 22));
  const GateRules rules = parse_rules({});
  const std::vector<MetricAmount> own = parse_margins("--anchor-max-drop", {"accuracy=20pp"});
  const std::vector<ReferenceRun> references = {{baseline_of(middle, "middle.json"), Role::baseline, {}},
                                                {baseline_of(best, "best.json"), Role::anchor, own}};
  RunIdentity identity;
  identity.name = "new.tlm";
  const Comparison comparison = run_gate({identity, after, metrics_of(after)}, references, rules, {});
  REQUIRE(comparison.checks.size() == 2);
  CHECK(comparison.checks[0].margin == 0);
  CHECK(comparison.checks[0].verdict == Verdict::inconclusive);  // two flips
  CHECK(comparison.checks[1].margin == Approx(0.2));
  CHECK(comparison.checks[1].verdict == Verdict::pass);
  REQUIRE(comparison.table);
  REQUIRE(comparison.table->runs.size() == 3);
  CHECK(comparison.table->runs[0].name == "best.json");
  CHECK(comparison.table->runs[0].group == "a");
  CHECK(comparison.table->runs[1].group == "b");
  CHECK(comparison.table->runs[2].group == "b");
  REQUIRE(comparison.table->pairs.size() == 3);
  // 2·2⁻²⁰ and 2·2⁻²² and 2·2⁻², times three, two and one.
  CHECK(comparison.table->pairs[0].holm_p == Approx(2 * 2 * std::pow(2.0, -20)));
  CHECK(comparison.table->pairs[1].holm_p == Approx(3 * 2 * std::pow(2.0, -22)));
  CHECK(comparison.table->pairs[2].holm_p == Approx(0.5));
  // z = 2.394 at 0.05 / 2 / 3; d = 20 of 300.
  CHECK(comparison.table->pairs[0].critical == Approx(2.394 * std::sqrt(20.0 / 300 / 300)).epsilon(0.001));
}

TEST_CASE("settings are validated in one place") {
  GateSettings settings;
  for (const double alpha : {0.0, -1.0, 0.5, 2.0}) {
    settings.alpha = alpha;
    CHECK_THROWS_WITH(parse_rules(settings), Catch::Contains("--alpha"));
  }
  settings.alpha = 0.1;
  settings.on_inconclusive = "maybe";
  CHECK_THROWS_WITH(parse_rules(settings), Catch::Contains("pass, warn or fail"));
  settings.on_inconclusive = "fail";
  settings.max_drop = {"accuracy=1pp", "accuracy=2pp"};
  CHECK_THROWS_WITH(parse_rules(settings), Catch::Contains("given twice"));
  settings.max_drop = {"accuracy[a=b]=1pp"};
  settings.slices = {"a", "c", "a"};
  settings.cluster_by = "d";
  CHECK(parse_rules(settings).columns() == std::vector<std::string>{"a", "c", "d"});

  GateSettings stored;
  stored.max_drop = {"macro_f1=3pp"};
  stored.on_inconclusive = "fail";
  GateSettings given;
  given.min = {"accuracy=0.9"};
  const GateSettings merged = with_defaults(given, stored);
  CHECK(merged.max_drop == stored.max_drop);
  CHECK(merged.min == given.min);
  CHECK(merged.on_inconclusive == "fail");
}
