#include "textlambda/metrics/bootstrap_change.h"

#include <array>
#include <cmath>
#include <cstddef>
#include <optional>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "textlambda/io/executor.h"
#include "textlambda/metrics/metric_name.h"
#include "textlambda/metrics/metrics.h"
#include "textlambda/metrics/resampled_figures.h"

#include "tests/catch.h"

using namespace textlambda;
using namespace textlambda::metrics;

namespace {

constexpr std::size_t kKnown = 3;   // labels of the model
constexpr std::size_t kLabels = 4;  // one more that it does not know
const std::vector<std::string> kNames{"a", "b", "c"};

struct Run {
  std::vector<std::vector<float>> logits;
  std::vector<JudgedRow> rows;
  std::vector<float> scores;

  RunOutcomes outcomes() const { return {rows, scores}; }
};

struct Example {
  std::vector<std::uint32_t> truth;
  Run before, after;

  PairedRuns runs() const { return {kKnown, kLabels, before.outcomes(), after.outcomes(), {}, 0}; }
};

void judge_into(Run& run, std::vector<float> logits, std::uint32_t truth) {
  const Outcome outcome = judge(logits, truth < kKnown ? truth : kUnknownLabel);
  JudgedRow row;
  row.truth = truth;
  row.predicted = outcome.predicted;
  row.confidence = outcome.confidence;
  row.log_p_truth = static_cast<float>(outcome.log_p_truth);
  row.squared_distance = static_cast<float>(outcome.squared_distance);
  run.rows.push_back(row);
  run.scores.resize(run.scores.size() + kKnown);
  log_probabilities(logits, std::span(run.scores).last(kKnown));
  run.logits.push_back(std::move(logits));
}

// `loss` is how much weaker the new run's signal is.
Example make_example(std::size_t n, unsigned seed, double loss) {
  std::mt19937 random(seed);
  std::normal_distribution<double> normal;
  Example example;
  for (std::size_t i = 0; i < n; ++i) {
    const std::uint32_t truth = std::array{0U, 0U, 0U, 0U, 0U, 0U, 1U, 1U, 2U, 3U}[random() % 10];
    std::vector<float> before, after;
    for (std::uint32_t k = 0; k < kKnown; ++k) {
      const double noise = normal(random);
      const double signal = k == truth ? 2 : 0;
      before.push_back(static_cast<float>(signal + noise));
      after.push_back(static_cast<float>(signal * (1 - loss) + noise + 0.2 * normal(random)));
    }
    example.truth.push_back(truth);
    judge_into(example.before, before, truth);
    judge_into(example.after, after, truth);
  }
  return example;
}

Metrics metrics_of(const Example& example, const Run& run, std::span<const std::uint32_t> counts) {
  MetricsAccumulator accumulator(kNames);
  for (std::size_t i = 0; i < example.truth.size(); ++i) {
    const std::uint32_t truth = example.truth[i] < kKnown ? example.truth[i] : accumulator.truth_of("unknown");
    for (std::uint32_t c = 0; c < counts[i]; ++c) {
      accumulator.add(judge(run.logits[i], truth), std::span(run.scores).subspan(i * kKnown, kKnown));
    }
  }
  return accumulator.finish();
}

// Every metric that a bootstrap can answer for, of the whole set and of the second label.
struct Asked {
  std::vector<MetricName> names;
  std::vector<ChangeQuestion> questions;
};

Asked all_figures() {
  Asked asked;
  for (const Measure& measure : metric_table()) {
    if (std::holds_alternative<UnpairedShare>(measure.kind) || measure.has_k() || measure.name == "coverage") continue;
    for (const bool of_label : {false, true}) {
      if (of_label ? measure.of_label == nullptr || measure.name == "recall" : measure.needs_label()) continue;
      MetricName name = metric_of_set(measure);
      if (of_label) name.label = kNames[1];
      asked.names.push_back(name);
      asked.questions.push_back(resampled(measure, of_label ? std::optional(1U) : std::nullopt, 0.01));
    }
  }
  return asked;
}

ChangeQuestion about(const char* name, std::optional<std::uint32_t> label = {}) {
  return resampled(*find_measure(name), label, 0);
}

}  // namespace

TEST_CASE("figures before and after are those of the metrics") {
  const Example example = make_example(300, 1, 0.1);
  const auto [names, questions] = all_figures();
  const std::vector<std::uint32_t> once(300, 1);
  const std::vector<BootstrapChange> changes = bootstrap_changes(example.runs(), questions, 0.05, {100, 0});
  const Metrics before = metrics_of(example, example.before, once);
  const Metrics after = metrics_of(example, example.after, once);
  for (std::size_t q = 0; q < questions.size(); ++q) {
    CAPTURE(to_string(names[q]));
    CHECK(changes[q].before == Approx(figure_of(before, names[q])).epsilon(1e-6));
    CHECK(changes[q].after == Approx(figure_of(after, names[q])).epsilon(1e-6));
    const double sign = questions[q].lower_is_better ? -1 : 1;
    CHECK(changes[q].estimate == Approx(sign * (changes[q].after - changes[q].before)));
  }
}

TEST_CASE("a resample's figures are those of a test set with its examples repeated") {
  const Example example = make_example(60, 2, 0.1);
  const PairedRuns runs = example.runs();
  const auto [names, questions] = all_figures();
  const LabelCells cells(runs);
  const ExampleFigures figures(runs, questions);
  std::mt19937 random(3);
  for (int round = 0; round < 20; ++round) {
    std::vector<std::uint32_t> counts;
    std::vector<std::uint32_t> cell_counts(cells.sizes().size(), 0);
    for (std::size_t i = 0; i < 60; ++i) {
      counts.push_back(static_cast<std::uint32_t>(random() % 3));
      cell_counts[cells.cell_of()[i]] += counts[i];
    }
    std::vector<BeforeAfter> answers(questions.size());
    LabelCells::Scratch tally;
    cells.tally(cell_counts, tally);
    const LabelAverages before = averages_of(tally.before);
    const LabelAverages after = averages_of(tally.after);
    figures.measure(counts, answers);
    const Metrics old_metrics = metrics_of(example, example.before, counts);
    const Metrics new_metrics = metrics_of(example, example.after, counts);
    for (std::size_t q = 0; q < questions.size(); ++q) {
      CAPTURE(round, to_string(names[q]));
      const BeforeAfter answer =
          is_of_labels(questions[q].figure) ? metrics::figure_of(questions[q], tally, before, after) : answers[q];
      CHECK(answer.before == Approx(figure_of(old_metrics, names[q])).epsilon(1e-6));
      CHECK(answer.after == Approx(figure_of(new_metrics, names[q])).epsilon(1e-6));
    }
  }
}

TEST_CASE("the same bits for any number of threads", "[threads]") {
  const Example example = make_example(200, 4, 0.1);
  const auto [names, questions] = all_figures();
  const auto on_threads = [](std::size_t items, const std::function<void(std::size_t)>& work) {
    io::Executor(3).run(items, [&](std::size_t item, unsigned) { work(item); });
  };
  const std::vector<BootstrapChange> one = bootstrap_changes(example.runs(), questions, 0.05, {400, 9});
  const std::vector<BootstrapChange> three = bootstrap_changes(example.runs(), questions, 0.05, {400, 9}, on_threads);
  for (std::size_t q = 0; q < questions.size(); ++q) {
    CAPTURE(q);
    CHECK(one[q].bounds.low == three[q].bounds.low);
    CHECK(one[q].bounds.high == three[q].bounds.high);
    CHECK(one[q].p == three[q].p);
  }
}

TEST_CASE("of accuracy the bootstrap says about what Tango's interval says") {
  const Example example = make_example(4000, 5, 0.15);
  stats::PairedCounts counts{4000, 0, 0};
  for (std::size_t i = 0; i < 4000; ++i) {
    const bool before = example.before.rows[i].correct();
    const bool after = example.after.rows[i].correct();
    counts.newly_wrong += before && !after ? 1 : 0;
    counts.newly_right += !before && after ? 1 : 0;
  }
  const std::vector<ChangeQuestion> question{about("accuracy")};
  const BootstrapChange change = bootstrap_changes(example.runs(), question, 0.05).front();
  const Change tango = share_change(counts, 0, 0.05);
  CHECK(change.estimate == Approx(tango.estimate));
  const double width = tango.bounds.high - tango.bounds.low;
  CHECK(change.bounds.low == Approx(tango.bounds.low).margin(0.05 * width));
  CHECK(change.bounds.high == Approx(tango.bounds.high).margin(0.05 * width));
  CHECK(change.standard_error * 2 * 1.645 == Approx(width).epsilon(0.05));
  CHECK(change.bounds.high < 0);
  CHECK(change.p <= 0.05);
}

TEST_CASE("clusters: copies of an example are no further evidence") {
  const Example once = make_example(300, 6, 0.1);
  Example copied;
  std::vector<std::uint32_t> clusters;
  for (std::size_t copy = 0; copy < 9; ++copy) {
    for (std::size_t i = 0; i < 300; ++i) {
      copied.truth.push_back(once.truth[i]);
      judge_into(copied.before, once.before.logits[i], once.truth[i]);
      judge_into(copied.after, once.after.logits[i], once.truth[i]);
      clusters.push_back(static_cast<std::uint32_t>(i));
    }
  }
  const std::vector<ChangeQuestion> questions{about("macro_f1"), about("log_loss")};
  PairedRuns runs = copied.runs();
  const std::vector<BootstrapChange> apart = bootstrap_changes(once.runs(), questions, 0.05);
  const std::vector<BootstrapChange> naive = bootstrap_changes(runs, questions, 0.05);
  runs.clusters = clusters;
  runs.cluster_count = 300;
  const std::vector<BootstrapChange> clustered = bootstrap_changes(runs, questions, 0.05);
  for (std::size_t q = 0; q < 2; ++q) {
    CAPTURE(q);
    const auto width = [&](const std::vector<BootstrapChange>& changes) {
      return changes[q].bounds.high - changes[q].bounds.low;
    };
    CHECK(width(clustered) == Approx(width(apart)).epsilon(0.05));
    CHECK(width(naive) == Approx(width(apart) / 3).epsilon(0.1));
    CHECK(clustered[q].units == 300);
  }
}

TEST_CASE("a few changes are no proof, however the resamples fall") {
  Example example;
  for (std::size_t i = 0; i < 100; ++i) {
    example.truth.push_back(0);
    judge_into(example.before, {2, 0, 0}, 0);
    judge_into(example.after, i < 4 ? std::vector<float>{0, 2, 0} : std::vector<float>{2, 0, 0}, 0);
  }
  const std::vector<ChangeQuestion> question{about("balanced_accuracy")};
  const BootstrapChange change = bootstrap_changes(example.runs(), question, 0.05).front();
  CHECK(change.changed == 4);
  CHECK(change.bounds.high < 0);        // e^-4 of the resamples have none of the four
  CHECK(change.p == Approx(1.0 / 16));  // as the exact McNemar test has it
  CHECK(change.p > 0.05);

  // Four clusters can prove nothing at 5 %.
  std::vector<std::uint32_t> clusters;
  for (std::uint32_t i = 0; i < 100; ++i) clusters.push_back(i % 4);
  PairedRuns runs = example.runs();
  runs.clusters = clusters;
  runs.cluster_count = 4;
  const BootstrapChange few = bootstrap_changes(runs, question, 0.05).front();
  CHECK(std::isinf(few.bounds.low));
  CHECK(std::isinf(few.bounds.high));
}

TEST_CASE("what does not fit is refused") {
  const Example example = make_example(10, 7, 0);
  const std::vector<ChangeQuestion> question{about("macro_f1")};
  const auto refused = [](const PairedRuns& runs, std::vector<ChangeQuestion> questions) {
    CHECK_THROWS_AS(bootstrap_changes(runs, questions, 0.05, {10, 0}), std::domain_error);
  };
  PairedRuns runs = example.runs();
  runs.before.rows = runs.before.rows.first(9);
  refused(runs, question);
  runs = example.runs();
  runs.after.log_probabilities = {};
  refused(runs, {about("auroc")});
  refused(example.runs(), {about("auroc", 3)});  // of the label that the model does not know
  refused(example.runs(), {about("f1", 4)});
  std::vector<JudgedRow> others = example.before.rows;
  others[3].truth = static_cast<std::uint32_t>((others[3].truth + 1) % kKnown);
  runs = example.runs();
  runs.before.rows = others;
  refused(runs, question);
  CHECK_THROWS_AS(about("risk"), std::invalid_argument);
  runs = example.runs();
  const std::vector<std::uint32_t> clusters(10, 5);
  runs.clusters = clusters;
  runs.cluster_count = 5;
  refused(runs, question);
}
