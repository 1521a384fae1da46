// What holds for every row of the table of metrics: a new one is tested by being there.
#include "textlambda/metrics/metric_table.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "textlambda/metrics/bootstrap_change.h"
#include "textlambda/metrics/metric_name.h"
#include "textlambda/metrics/metrics_json.h"
#include "textlambda/metrics/run_intervals.h"

#include "tests/catch.h"
#include "tests/metrics/judged_sample.h"
#include "tests/source_folder.h"

using namespace textlambda;
using namespace textlambda::metrics;

namespace {

// A measure as it is asked for: of the set, of its k, of the label "spam".
std::vector<MetricName> names_of(const Measure& measure) {
  std::vector<MetricName> names;
  if (measure.has_k()) return {metric_of_set(measure, 1), metric_of_set(measure, 2)};
  if (!measure.needs_label()) names.push_back(metric_of_set(measure));
  if (measure.of_label != nullptr) {
    names.push_back(metric_of_set(measure));
    names.back().label = "spam";
  }
  return names;
}

std::string kind_words(const Measure& measure) {
  return std::visit(ByKind{[](const ShareOfRight&) { return "share of right answers"; },
                           [](const MeanOfTerms&) { return "mean over the examples"; },
                           [](const FigureOfCounts&) { return "made of labels"; },
                           [](const CalibrationFigure&) { return "made of confidences"; },
                           [](const RankingFigure&) { return "ranking"; },
                           [](const UnpairedShare&) { return "only for `--min` and `--max`"; }},
                    measure.kind);
}

// As docs/gate.md has it.
std::string row_of_page(const Measure& measure) {
  const std::string name(measure.name);
  std::string names;
  if (measure.has_k()) {
    names = "`" + with_k(name, measure, 1) + "` … `" + with_k(name, measure, kMostTop) + "`";
  } else {
    if (!measure.needs_label()) names = "`" + name + "`";
    if (measure.of_label != nullptr) names += (names.empty() ? "" : ", ") + ("`" + name + "[LABEL]`");
  }
  const std::string title(measure.title.empty() ? "of a label" : measure.title);
  return "| " + names + " | " + title + " | " + (measure.unit == Unit::share ? "share" : "number") + ", " +
         (measure.lower_is_better ? "lower" : "higher") + " | " + kind_words(measure) + " |\n";
}

}  // namespace

// Not where the table stands: g++ compares no function pointers while it compiles under the sanitizers.
TEST_CASE("a metric has a name, a figure, a title if it is of a whole set, and a k in its name if it has one") {
  for (const Measure& measure : metric_table()) {
    INFO(measure.name);
    CHECK_FALSE(measure.name.empty());
    CHECK(measure.title.empty() == (measure.of_set == nullptr));
    CHECK((measure.of_set != nullptr || measure.of_label != nullptr));
    CHECK((measure.name.find("_k_") != std::string_view::npos) == (measure.most_k != nullptr));
  }
}

TEST_CASE("every metric has a name of its own, and is written as it is read") {
  std::set<std::string_view> names;
  for (const Measure& measure : metric_table()) {
    CHECK(names.insert(measure.name).second);
    CHECK(find_measure(measure.name) == &measure);
    for (const MetricName& name : names_of(measure)) {
      CAPTURE(to_string(name));
      CHECK(parse_metric(to_string(name)) == name);
      CHECK(parse_metric(to_string(name) + "[country=DE]").column == "country");
      CHECK(title_of(name).find("-k ") == std::string::npos);
    }
  }
  CHECK(find_measure("nothing") == nullptr);
  CHECK(accuracy_measure().name == "accuracy");
  CHECK(title_of(parse_metric("top_3_accuracy")) == "top-3 accuracy");
  CHECK(title_of(parse_metric("macro_f1")) == "macro F1");
}

TEST_CASE("every metric is measured, and between what its unit allows") {
  const Metrics metrics = metrics_of(judged_sample().after);
  for (const Measure& measure : metric_table()) {
    for (const MetricName& name : names_of(measure)) {
      CAPTURE(to_string(name));
      const double figure = figure_of(metrics, name);
      CHECK(std::isfinite(figure));
      if (measure.unit == Unit::share) CHECK((figure >= 0 && figure <= 1));
      CHECK(examples_of(metrics, name) > 0);
      CHECK(examples_of(metrics, name) <= metrics.n);
    }
  }
}

TEST_CASE("for every metric a model without a fault is no worse than one with faults") {
  const Metrics faulty = metrics_of(judged_sample().after);
  const Metrics faultless = metrics_of(faultless_sample());
  for (const Measure& measure : metric_table()) {
    if (measure.name == "coverage") continue;  // says nothing of right and wrong
    for (const MetricName& name : names_of(measure)) {
      CAPTURE(to_string(name));
      const double gain = figure_of(faultless, name) - figure_of(faulty, name);
      CHECK((measure.lower_is_better ? -gain : gain) >= 0);
    }
  }
}

TEST_CASE("a label's JSON has every metric that labels have") {
  const Metrics metrics = metrics_of(judged_sample().after);
  const nlohmann::json spam = label_json(metrics.labels[1]);
  for (const Measure& measure : metric_table()) {
    if (measure.of_label == nullptr) continue;
    CAPTURE(measure.name);
    CHECK(spam.at(std::string(measure.name)) == measure.of_label(metrics.labels[1]));
  }
}

TEST_CASE("every metric of a set is in the run's figures, inside its interval") {
  const JudgedRows rows = judged_sample().after;
  const Metrics metrics = metrics_of(rows);
  const std::vector<RunFigure> figures = run_figures(rows, metrics);
  for (const Measure& measure : metric_table()) {
    if (measure.needs_label()) continue;
    const std::string name = to_string(metric_of_set(measure, measure.has_k() ? 2 : 0));
    CAPTURE(name);
    const auto found =
        std::find_if(figures.begin(), figures.end(), [&](const RunFigure& figure) { return figure.metric == name; });
    CHECK((found == figures.end()) == measure.same_as_accuracy);
    if (found == figures.end()) continue;
    CHECK(found->value == figure_of(metrics, parse_metric(name)));
    if (!found->interval) continue;
    CHECK(found->interval->low <= found->value);
    CHECK(found->value <= found->interval->high);
  }
  for (const MetricName& same : {parse_metric("micro_f1"), parse_metric("weighted_recall")}) {
    CHECK(figure_of(metrics, same) == metrics.accuracy);
  }
}

TEST_CASE("docs/gate.md lists the metrics there are") {
  std::string expected = "| metric | its title | unit, better | kind of figure |\n|---|---|---|---|\n";
  for (const Measure& measure : metric_table()) expected += row_of_page(measure);
  std::ifstream file(in_source_folder("docs/gate.md"));
  std::stringstream page;
  page << file.rdbuf();
  CAPTURE(expected);
  CHECK(page.str().find("\n\n" + expected + "\n") != std::string::npos);
}
