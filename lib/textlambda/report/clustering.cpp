#include "textlambda/report/clustering.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "textlambda/json/result.h"
#include "textlambda/metrics/clustering.h"
#include "textlambda/metrics/label_averages.h"
#include "textlambda/report/table.h"
#include "textlambda/text/count.h"
#include "textlambda/text/shown.h"

namespace textlambda::report {
namespace {

using metrics::ClusteringFigures;
using metrics::GroupMajority;
using metrics::Metrics;

struct NamedFigure {
  const char* name;
  double value;
  const char* meaning;
};

std::vector<NamedFigure> named_figures(const ClusteringFigures& figures) {
  return {{"nmi", figures.nmi, "normalised mutual information"},
          {"ami", figures.ami, "the same, less chance"},
          {"homogeneity", figures.homogeneity, "a group has one label"},
          {"completeness", figures.completeness, "a label has one group"},
          {"v_measure", figures.v_measure, "harmonic mean of the two"},
          {"ari", figures.ari, "pairs put alike, less chance"},
          {"purity", figures.purity, "share with the most frequent label of their group"}};
}

// Groups with examples, the largest first.
std::vector<std::pair<std::string, GroupMajority>> groups_by_size(const Metrics& metrics) {
  std::vector<std::pair<std::string, GroupMajority>> groups;
  const std::vector<GroupMajority> majorities = group_majorities(metrics.confusion);
  for (std::size_t group = 0; group < majorities.size(); ++group) {
    if (majorities[group].examples > 0) groups.emplace_back(metrics.labels[group].label, majorities[group]);
  }
  std::stable_sort(groups.begin(), groups.end(),
                   [](const auto& a, const auto& b) { return a.second.examples > b.second.examples; });
  return groups;
}

// Labels that examples have.
std::size_t count_labels(const Metrics& metrics) {
  return static_cast<std::size_t>(
      std::count_if(metrics.labels.begin(), metrics.labels.end(), [](const auto& label) { return label.support > 0; }));
}

}  // namespace

std::string clustering_text(const metrics::Evaluation& evaluation) {
  const Metrics& metrics = evaluation.metrics;
  const ClusteringFigures figures = clustering_figures(metrics.confusion);
  const auto groups = groups_by_size(metrics);
  std::string text = fmt::format("{} · {} · {}\n\n", text::counted(figures.examples, "example"),
                                 text::counted(count_labels(metrics), "label"), text::counted(groups.size(), "group"));
  Table table({Align::left, Align::right, Align::left});
  for (const NamedFigure& figure : named_figures(figures)) {
    table.add_row({figure.name, fmt::format("{:.4f}", figure.value), figure.meaning});
  }
  text += table.text(2);
  text += "\nwhat the groups mostly are\n";
  Table list({Align::right, Align::right, Align::left, Align::left});
  for (const auto& [name, group] : groups) {
    list.add_row({text::grouped(group.examples),
                  fmt::format("{:.1f} %", 100 * metrics::ratio(group.of_label, group.examples)), text::shown(name),
                  text::shown(metrics.labels[group.label].label)});
  }
  return text + list.text(2);
}

std::string clustering_json(const metrics::Evaluation& evaluation) {
  using Json = nlohmann::json;
  const Metrics& metrics = evaluation.metrics;
  const ClusteringFigures figures = clustering_figures(metrics.confusion);
  Json result = {{"n", figures.examples},
                 {"skipped_rows", evaluation.faults.bad_row_count},
                 {"repaired_rows", evaluation.faults.repaired_rows},
                 {"label_count", count_labels(metrics)}};
  for (const NamedFigure& figure : named_figures(figures)) result[figure.name] = figure.value;
  result["groups"] = Json::array();
  for (const auto& [name, group] : groups_by_size(metrics)) {
    result["groups"].push_back({{"group", name},
                                {"n", group.examples},
                                {"label", metrics.labels[group.label].label},
                                {"share", metrics::ratio(group.of_label, group.examples)}});
  }
  return json::result_text(std::move(result));
}

}  // namespace textlambda::report
