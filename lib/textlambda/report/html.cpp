#include "textlambda/report/html.h"

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "textlambda/metrics/curves.h"
#include "textlambda/report/escape.h"
#include "textlambda/report/figure_text.h"
#include "textlambda/report/html_elements.h"
#include "textlambda/report/html_page.h"
#include "textlambda/report/html_sections.h"
#include "textlambda/text/count.h"

namespace textlambda::report {
namespace html {
namespace {

using gate::Comparison;
using gate::RunIdentity;

constexpr std::size_t kCurvesShown = 8;

std::string fact(std::string_view name, const std::string& value_html) {
  return value_html.empty() ? "" : fmt::format("<dt>{}</dt><dd>{}</dd>\n", name, value_html);
}

std::string short_hash(const std::string& sha256) {
  return sha256.empty() ? ""
                        : fmt::format(" <code title=\"SHA-256 {0}\">{1}…</code>", escape_html(sha256),
                                      escape_html(sha256.substr(0, 12)));
}

std::string identity(const RunIdentity& run) {
  std::string html = words(run.name) + short_hash(run.model_sha256);
  if (!run.git_revision.empty()) html += " · revision <code>" + escape_html(run.git_revision.substr(0, 12)) + "</code>";
  if (!run.tool_version.empty()) html += " · textlambda " + escape_html(run.tool_version);
  return html;
}

std::string test_set(const Report& report) {
  std::string names;
  for (const std::string& input : report.evaluation.rows.inputs) names += (names.empty() ? "" : ", ") + words(input);
  return names + short_hash(report.comparison.candidate.test_sha256) + " · " +
         text::counted(report.evaluation.metrics.n, "example") + ", " +
         text::counted(report.evaluation.metrics.labels.size(), "label");
}

std::string facts(const Report& report) {
  const Comparison& comparison = report.comparison;
  std::string html = fact("model", identity(comparison.candidate));
  for (const gate::Reference& reference : comparison.references) {
    std::string text = identity(reference.identity);
    text += reference.same_predictions
                ? " · the very same predictions"
                : fmt::format(" · {} newly wrong, {} newly right", text::grouped(reference.flips.newly_wrong),
                              text::grouped(reference.flips.newly_right));
    html += fact(reference.role == gate::Role::anchor ? "anchor" : "baseline", text);
  }
  html += fact("test set", test_set(report));
  for (const gate::RelativeCheck& check : comparison.checks) {
    if (check.metric != "accuracy") continue;
    html += fact("can be detected", escape_html(fmt::format("a loss of accuracy of {} (80 % power)",
                                                            amount_text(check.unit, check.detectable))));
    break;
  }
  return "<dl class=\"facts\">\n" + html + "</dl>\n";
}

// The labels most examples have, largest first.
std::vector<std::size_t> largest_labels(const metrics::Metrics& metrics, std::size_t known) {
  std::vector<std::size_t> order(std::min(known, metrics.labels.size()));
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return metrics.labels[a].support > metrics.labels[b].support; });
  order.resize(std::min(order.size(), kCurvesShown));
  return order;
}

nlohmann::json to_json(const std::vector<metrics::Curve>& curves) {
  nlohmann::json list = nlohmann::json::array();
  for (const metrics::Curve& curve : curves) {
    if (curve.points.empty()) continue;
    nlohmann::json points = nlohmann::json::array();
    for (const metrics::CurvePoint& point : curve.points) points.push_back({point.x, point.y});
    list.push_back({{"name", curve.name}, {"points", points}});
  }
  return list;
}

std::string figure(std::string_view id, std::string_view title, std::string_view caption) {
  return fmt::format(
      "<figure><div class=\"canvas\"><canvas id=\"{}\" role=\"img\" aria-label=\"{}\"></canvas></div>"
      "<figcaption>{}</figcaption></figure>\n",
      id, escape_html(title), escape_html(caption));
}

}  // namespace

std::string headline(const Report& report) {
  const Comparison& comparison = report.comparison;
  const metrics::Metrics& metrics = report.evaluation.metrics;
  std::string html;
  if (comparison.asked()) {
    const std::string name(gate::decision_name(comparison.decision));
    html = fmt::format("<div class=\"verdict {}\"><h1>{}</h1>\n<p>{}</p></div>\n", verdict_class(name),
                       verdict_word(name), words(comparison.sentence));
  } else {
    html = fmt::format(
        "<div class=\"verdict\"><h1>Accuracy {}</h1>\n<p>{} of {} right; nothing was asked to "
        "be judged.</p></div>\n",
        share_text(metrics.accuracy), text::grouped(metrics.correct), text::counted(metrics.n, "example"));
  }
  html += facts(report);
  if (!comparison.warnings.empty()) {
    html += "<div class=\"verdict inconclusive\"><ul>\n";
    for (const std::string& warning : comparison.warnings) html += "<li>" + words(warning) + "</li>\n";
    html += "</ul></div>\n";
  }
  return html;
}

std::string charts(const Report& report) {
  const metrics::JudgedRows& rows = report.evaluation.rows;
  if (rows.rows.empty()) return "";
  std::string html = "<div class=\"charts\">\n";
  html +=
      figure("reliability", "Reliability: accuracy by confidence",
             "Reliability: where the line lies below the diagonal, confidences promise too much. Fifteen bins of equal "
             "mass.");
  if (rows.has_probabilities()) {
    html +=
        figure("precision-recall", "Precision by recall, a line a label",
               rows.known_labels > kCurvesShown
                   ? fmt::format("Precision and recall of the {} largest labels, each against the rest.", kCurvesShown)
                   : "Precision and recall of each label against the rest.");
  }
  html += figure("risk-coverage", "Share wrong by share answered",
                 "Risk and coverage: how much is wrong if only the most confident share is answered.");
  return section("charts", "Curves", html + "</div>\n");
}

std::string chart_data(const Report& report) {
  const metrics::JudgedRows& rows = report.evaluation.rows;
  if (rows.rows.empty()) return "";
  metrics::Curve reliability = metrics::reliability_curve(rows);
  reliability.name = "this model";
  metrics::Curve risk = metrics::risk_coverage_curve(rows);
  risk.name = "this model";
  std::vector<metrics::Curve> labels;
  if (rows.has_probabilities()) {
    for (const std::size_t label : largest_labels(report.evaluation.metrics, rows.known_labels)) {
      labels.push_back(metrics::precision_recall_curve(rows, label));
    }
  }
  const nlohmann::json data = {{"reliability", to_json({reliability})},
                               {"precision_recall", to_json(labels)},
                               {"risk_coverage", to_json({risk})}};
  return data.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace html

std::string to_html(const Report& report) {
  HtmlPage page;
  const gate::Comparison& comparison = report.comparison;
  const std::string accuracy = "accuracy " + share_text(report.evaluation.metrics.accuracy);
  page.title = (comparison.asked() ? std::string(gate::decision_name(comparison.decision)) + " · " : "") + accuracy +
               " · " + comparison.candidate.name;
  page.body = "<a class=\"skip\" href=\"#content\">To the content</a>\n<main id=\"content\">\n" +
              html::headline(report) + html::checks(report) + html::dataset(report) + html::flips(report) +
              html::metrics(report) + html::runs(report) + html::slices(report) + html::confusion(report) +
              html::labels(report) + html::charts(report) + "</main>\n<footer>Made by textlambda " +
              escape_html(report.tool_version) + ". Nothing on this page comes from a network.</footer>\n";
  page.chart_data = html::chart_data(report);
  return assemble(page);
}

}  // namespace textlambda::report
