// What holds of every metric when two runs are compared.
#include "textlambda/gate/paired_change.h"

#include <cmath>
#include <string>
#include <vector>

#include "textlambda/io/error.h"
#include "textlambda/metrics/metric_table.h"

#include "tests/catch.h"
#include "tests/metrics/judged_sample.h"

using namespace textlambda;
using namespace textlambda::gate;
using namespace textlambda::metrics;

namespace {

std::vector<MetricQuestion> every_question() {
  std::vector<MetricQuestion> questions;
  for (const Measure& measure : metric_table()) {
    if (std::holds_alternative<UnpairedShare>(measure.kind)) continue;
    if (!measure.needs_label()) questions.push_back({metric_of_set(measure, measure.has_k() ? 2 : 0), 0.01});
    if (measure.of_label != nullptr) {
      MetricName name = metric_of_set(measure);
      name.label = "spam";
      questions.push_back({name, 0.01});
    }
  }
  return questions;
}

}  // namespace

TEST_CASE("every metric's change is that of its figure, whichever way it is tested") {
  const JudgedSample sample = judged_sample();
  const Metrics before = metrics_of(sample.before);
  const Metrics after = metrics_of(sample.after);
  const std::vector<MetricQuestion> questions = every_question();
  const std::vector<RowPair> pairs = match_rows(sample.before, sample.after).pairs;
  REQUIRE(pairs.size() == 60);
  // By clusters everything is resampled: "before" and "after" are then those of the resample that has each row once.
  for (const RowColumn* clusters : {static_cast<const RowColumn*>(nullptr), &sample.after.columns.front()}) {
    const std::vector<PairedChange> changes =
        changes_of(questions, {sample.before, sample.after, pairs, clusters}, {0.05, io::Executor()});
    for (std::size_t q = 0; q < questions.size(); ++q) {
      const MetricName& name = questions[q].metric;
      const PairedChange& change = changes[q];
      CAPTURE(to_string(name), clusters != nullptr, change.method);
      const double old_figure = figure_of(before, name);
      const double new_figure = figure_of(after, name);
      CHECK(change.before == Approx(old_figure).epsilon(1e-6));
      CHECK(change.after == Approx(new_figure).epsilon(1e-6));
      const double gain = name.measure->lower_is_better ? old_figure - new_figure : new_figure - old_figure;
      CHECK(change.gain.estimate == Approx(gain).margin(1e-6));
      CHECK(change.gain.bounds.low <= change.gain.estimate + 1e-12);
      CHECK(change.gain.bounds.high >= change.gain.estimate - 1e-12);
      const bool is_share = std::holds_alternative<ShareOfRight>(name.measure->kind);
      CHECK(change.flips.has_value() == is_share);
      CHECK((change.method.find("bootstrap") == std::string::npos) ==
            (name.measure->has_quick_test() && clusters == nullptr));
    }
  }
}

TEST_CASE("a metric whose examples differ between the runs is not compared") {
  const JudgedSample sample = judged_sample();
  const std::vector<RowPair> pairs = match_rows(sample.before, sample.after).pairs;
  const std::vector<MetricQuestion> risk{{parse_metric("risk"), 0}};
  CHECK_THROWS_AS(changes_of(risk, {sample.before, sample.after, pairs, nullptr}, {0.05, io::Executor()}), io::Error);
}
