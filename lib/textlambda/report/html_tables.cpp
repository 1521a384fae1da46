// The report's tables but for the confusion matrix.
#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "textlambda/metrics/metric_name.h"
#include "textlambda/metrics/run_intervals.h"
#include "textlambda/report/check_sentence.h"
#include "textlambda/report/escape.h"
#include "textlambda/report/figure_text.h"
#include "textlambda/report/html_elements.h"
#include "textlambda/report/html_sections.h"
#include "textlambda/report/worst_labels.h"
#include "textlambda/text/count.h"

namespace textlambda::report::html {
namespace {

using gate::Comparison;
using gate::DatasetChange;
using gate::LabelChange;
using gate::LimitCheck;
using gate::Reference;
using gate::RelativeCheck;
using metrics::LabelMetrics;
using metrics::Measure;
using metrics::MetricName;
using metrics::Metrics;
using metrics::Unit;

constexpr std::size_t kLabelRows = 1000;

std::string row(const std::string& cells) { return "<tr>" + cells + "</tr>"; }
std::string row_head(std::string_view html) { return fmt::format("<th scope=\"row\">{}</th>", html); }

std::string limit_row(const LimitCheck& check) {
  return row(row_head(words(check.metric)) + cell(verdict_word(limit_verdict(check))) + number_cell("–", std::nan("")) +
             number_cell("–", std::nan("")) + number_cell(figure_text(check.unit, check.value), check.value) +
             cell(escape_html(limit_text(check))) + number_cell("–", std::nan("")) + cell("limit"));
}

std::string relative_row(const RelativeCheck& check, const Comparison& comparison) {
  std::string judged = verdict_word(gate::verdict_name(check.verdict));
  if (check.verdict != check.verdict_alone) {
    judged += fmt::format(" <span class=\"quiet\">(alone: {})</span>", gate::verdict_name(check.verdict_alone));
  }
  const std::string allowed =
      fmt::format("{}{}", check.lower_is_better ? "a rise of " : "a loss of ", amount_text(check.unit, check.margin));
  return row(row_head(words(check.metric)) + cell(judged) + number_cell(change_text(check), check.delta) +
             number_cell(figure_text(check.unit, check.before), check.before) +
             number_cell(figure_text(check.unit, check.after), check.after) + cell(escape_html(allowed)) +
             number_cell(p_text(check.holm_p), check.holm_p) +
             cell(words(comparison.references[check.reference].identity.name)));
}

std::string methods(const Comparison& comparison) {
  std::vector<std::string> sentences;
  for (const RelativeCheck& check : comparison.checks) {
    const std::string sentence =
        std::isfinite(check.detectable)
            ? fmt::format("{}: {}; {} pairs{} can show a loss of {}", check.metric, check.method,
                          text::grouped(check.n),
                          check.clusters > 0 ? fmt::format(" in {} clusters", text::grouped(check.clusters)) : "",
                          amount_text(check.unit, check.detectable))
            : fmt::format("{}: {}; {} pairs", check.metric, check.method, text::grouped(check.n));
    sentences.push_back(check.needed == 0
                            ? sentence
                            : fmt::format("{}; the margin would need {}", sentence, text::grouped(check.needed)));
  }
  if (sentences.empty()) return "";
  std::string html = "<details><summary>How each was decided</summary><ul>\n";
  for (const std::string& sentence : sentences) html += "<li>" + words(sentence) + ".</li>\n";
  return html + "</ul></details>\n";
}

std::string changed_rows(std::string_view title, const std::vector<gate::ChangedRow>& rows, std::uint64_t count) {
  if (count == 0) return "";
  std::string html = fmt::format("<p>{} {}", text::grouped(count), title);
  html += rows.size() < count ? fmt::format(", the first {}:</p>\n<ul>\n", rows.size()) : ":</p>\n<ul>\n";
  for (const gate::ChangedRow& changed : rows) {
    html += "<li>" + words(fmt::format("{}:{}", changed.location.file, changed.location.line));
    if (!changed.label_before.empty()) html += " was " + words(changed.label_before);
    if (!changed.label_after.empty()) html += " is " + words(changed.label_after);
    html += "</li>\n";
  }
  return html + "</ul>\n";
}

// The metrics of the page's table, in order. The micro-averages and the weighted recall are the accuracy.
std::vector<MetricName> shown_metrics(const Metrics& metrics) {
  std::vector<const Measure*> measures;
  for (const Measure& measure : metrics::metric_table()) {
    if (measure.place_on_page > 0) measures.push_back(&measure);
  }
  std::stable_sort(measures.begin(), measures.end(),
                   [](const Measure* a, const Measure* b) { return a->place_on_page < b->place_on_page; });
  std::vector<MetricName> shown;
  for (const Measure* measure : measures) {
    if (!measure->has_k()) shown.push_back(metrics::metric_of_set(*measure));
    for (const unsigned k : {2U, 3U}) {
      if (measure->has_k() && k <= measure->most_k(metrics)) shown.push_back(metrics::metric_of_set(*measure, k));
    }
  }
  return shown;
}

// The intervals of the run's figures by name. None where the table is not of all its rows, but of those compared.
std::map<std::string, stats::Interval> intervals_of(const Report& report, const Metrics& shown) {
  std::map<std::string, stats::Interval> intervals;
  const metrics::JudgedRows& rows = report.evaluation.rows;
  if (rows.rows.empty() || shown.n != rows.rows.size()) return intervals;
  for (const metrics::RunFigure& figure : metrics::run_figures(rows, shown)) {
    if (figure.interval) intervals[figure.metric] = *figure.interval;
  }
  return intervals;
}

std::string interval_cell(Unit unit, const std::map<std::string, stats::Interval>& intervals,
                          const std::string& metric) {
  const auto found = intervals.find(metric);
  if (found == intervals.end()) return number_cell("–", std::nan(""));
  const stats::Interval& interval = found->second;
  return number_cell(figure_text(unit, interval.low) + " … " + figure_text(unit, interval.high), interval.low);
}

// Not measured where the model of then had fewer labels than k.
double before_of(const Reference& reference, const MetricName& metric) {
  const bool is_none = metric.measure->has_k() && metric.k > metric.measure->most_k(reference.before);
  return is_none ? metrics::kNotMeasured : figure_of(reference.before, metric);
}

std::string figure_row(std::string_view name, Unit unit, double now, const std::string& interval,
                       const std::optional<double>& before) {
  std::string cells = row_head(escape_html(name)) + number_cell(figure_text(unit, now), now) + interval;
  if (before) {
    cells += number_cell(figure_text(unit, *before), *before) +
             number_cell(difference_text(unit, now - *before), now - *before);
  }
  return row(cells);
}

using LabelChanges = std::map<std::string_view, const LabelChange*>;

LabelChanges changes_by_label(const Reference& reference) {
  LabelChanges changes;
  for (const LabelChange& change : reference.labels) changes.emplace(change.label, &change);
  return changes;
}

// `changes`: null where there is nothing to compare with.
std::string label_row(const LabelMetrics& label, const LabelChanges* changes) {
  const auto share = [](double value, bool defined) {
    return number_cell(defined ? share_text(value) : "–", defined ? value : std::nan(""));
  };
  std::string name = words(label.label);
  if (!label.known) name += " <span class=\"quiet\">(the model does not know it)</span>";
  std::string cells = row_head(name) + number_cell(text::grouped(label.support), static_cast<double>(label.support)) +
                      share(label.precision(), label.predicted > 0) + share(label.recall(), label.support > 0) +
                      share(label.f1(), label.support + label.predicted > 0) +
                      share(label.auroc, std::isfinite(label.auroc)) +
                      share(label.average_precision, std::isfinite(label.average_precision));
  if (changes != nullptr) {
    const auto found = changes->find(label.label);
    const bool is_measured = found != changes->end() && found->second->support > 0;
    const double by = is_measured ? found->second->recall_after - found->second->recall_before : std::nan("");
    cells += number_cell(difference_text(Unit::share, by), by);
  }
  return row(cells);
}

}  // namespace

std::string checks(const Report& report) {
  const Comparison& comparison = report.comparison;
  std::vector<std::string> rows;
  for (const LimitCheck& check : comparison.limits) rows.push_back(limit_row(check));
  for (const RelativeCheck& check : comparison.checks) rows.push_back(relative_row(check, comparison));
  if (rows.empty()) return "";
  const std::vector<Column> columns = {{"metric"},    {"verdict"}, {"change", true}, {"before", true},
                                       {"now", true}, {"allowed"}, {"p", true},      {"against"}};
  const std::string note = fmt::format(
      "<p class=\"quiet\">Ranges of the changes are one-sided {:g} % bounds at either end; p is adjusted for all "
      "questions of this run (Holm).</p>\n",
      (1 - comparison.alpha) * 100);
  return section("checks", "What was asked",
                 table("checks", "What was asked", columns, rows, true) +
                     (comparison.checks.empty() ? "" : note + methods(comparison)));
}

std::string dataset(const Report& report) {
  std::string html;
  for (const Reference& reference : report.comparison.references) {
    const DatasetChange& change = reference.dataset;
    if (!change.any()) continue;
    html += fmt::format(
        "<p>Against {}: {} then, {} now; {} are in both with the same label, and those were "
        "compared.</p>\n",
        words(reference.identity.name), text::counted(change.before, "row"), text::grouped(change.after),
        text::grouped(change.compared));
    html += changed_rows("added", change.added_rows, change.added);
    html += changed_rows("removed", change.removed_rows, change.removed);
    html += changed_rows("relabelled", change.relabelled_rows, change.relabelled);
  }
  return html.empty() ? "" : section("dataset", "The test set is not the same", html);
}

std::string metrics(const Report& report) {
  const Metrics& now = report.evaluation.metrics;
  const std::vector<Reference>& references = report.comparison.references;
  const Reference* reference = references.empty() ? nullptr : &references.front();
  // Before and after stand on the same rows, so "now" is that of the rows compared.
  const Metrics& after = reference != nullptr ? reference->after : now;
  const std::map<std::string, stats::Interval> intervals = intervals_of(report, after);
  std::vector<std::string> rows;
  for (const MetricName& metric : shown_metrics(after)) {
    const Unit unit = metric.measure->unit;
    std::optional<double> before;
    if (reference != nullptr) before = before_of(*reference, metric);
    rows.push_back(figure_row(title_of(metric), unit, figure_of(after, metric),
                              interval_cell(unit, intervals, to_string(metric)), before));
  }
  std::vector<Column> columns = {{"metric"}, {"now", true}, {"95 % interval", true}};
  if (reference != nullptr) columns.insert(columns.end(), {{"before", true}, {"change", true}});
  const std::string interval =
      fmt::format("<p>Accuracy {} ({:.1f} … {:.1f}, Wilson, 95 %): {} of {} right.</p>\n", share_text(now.accuracy),
                  now.accuracy_interval.low * 100, now.accuracy_interval.high * 100, text::grouped(now.correct),
                  text::counted(now.n, "example"));
  const std::string note = reference == nullptr
                               ? ""
                               : fmt::format("<p class=\"quiet\">Before: {}. Both on the {} compared.</p>\n",
                                             words(reference->identity.name), text::counted(after.n, "example"));
  return section("metrics", "Metrics", interval + table("metrics", "Metrics", columns, rows, false) + note);
}

std::string runs(const Report& report) {
  if (!report.comparison.table) return "";
  const gate::RunTable& runs = *report.comparison.table;
  std::vector<std::string> rows;
  for (const gate::RunRow& run : runs.runs) {
    rows.push_back(row(row_head(words(run.name)) + number_cell(share_text(run.accuracy), run.accuracy) +
                       cell(share_range(run.interval)) + cell(escape_html(run.group))));
  }
  std::string html =
      table("runs", "Several runs", {{"run"}, {"accuracy", true}, {"95 % interval"}, {"group"}}, rows, true);
  std::vector<std::string> pairs;
  for (const gate::RunPair& pair : runs.pairs) {
    pairs.push_back(row(cell(words(runs.runs[pair.a].name)) + cell(words(runs.runs[pair.b].name)) +
                        number_cell(difference_text(Unit::share, pair.difference), pair.difference) +
                        number_cell(amount_text(Unit::share, pair.critical), pair.critical) +
                        number_cell(p_text(pair.holm_p), pair.holm_p)));
  }
  html += fmt::format(
      "<p class=\"quiet\">On the {} rows that all runs have. Runs that share a letter cannot be told "
      "apart: their difference is below the critical one.</p>\n",
      text::grouped(runs.n));
  html += table("pairs", "Pairs of runs",
                {{"run"}, {"against"}, {"difference", true}, {"critical difference", true}, {"p", true}}, pairs, true);
  return section("runs", "Several runs", html);
}

std::string labels(const Report& report) {
  const std::vector<Reference>& references = report.comparison.references;
  const Reference* reference = references.empty() ? nullptr : &references.front();
  const LabelChanges changes = reference != nullptr ? changes_by_label(*reference) : LabelChanges();
  std::vector<const LabelMetrics*> all;
  for (const LabelMetrics& label : report.evaluation.metrics.labels) all.push_back(&label);
  const WorstLabels worst = worst_labels(std::move(all), kLabelRows);
  std::vector<std::string> rows;
  for (const LabelMetrics* label : worst.labels) {
    rows.push_back(label_row(*label, reference != nullptr ? &changes : nullptr));
  }
  std::vector<Column> columns = {{"label"},    {"examples", true}, {"precision", true},        {"recall", true},
                                 {"F1", true}, {"AUROC", true},    {"average precision", true}};
  if (reference != nullptr) columns.push_back({"recall, change", true});
  const std::string more =
      worst.more == 0 ? "" : "<p class=\"quiet\">" + escape_html(more_labels_sentence(worst.more)) + ".</p>\n";
  return section("label", "Labels", table("labels", "Labels", columns, rows, true) + more);
}

std::string slices(const Report& report) {
  const Comparison& comparison = report.comparison;
  if (comparison.slices.empty()) return "";
  const Reference* reference = comparison.references.empty() ? nullptr : &comparison.references.front();
  std::vector<std::string> rows;
  for (const metrics::SliceMetrics& slice : comparison.slices) {
    const Metrics& metrics = slice.metrics;
    std::string cells = row_head(words(slice.column + " = " + slice.value)) +
                        number_cell(text::grouped(metrics.n), static_cast<double>(metrics.n)) +
                        number_cell(share_text(metrics.accuracy), metrics.accuracy) +
                        number_cell(share_text(metrics.macro_f1), metrics.macro_f1) +
                        number_cell(figure_text(Unit::plain, metrics.log_loss), metrics.log_loss);
    if (reference != nullptr) {
      const auto found = std::find_if(reference->slices.begin(), reference->slices.end(), [&](const auto& change) {
        return change.column == slice.column && change.value == slice.value;
      });
      const double by =
          found == reference->slices.end() ? std::nan("") : found->accuracy_after - found->accuracy_before;
      cells += number_cell(difference_text(Unit::share, by), by);
    }
    rows.push_back(row(cells));
  }
  std::vector<Column> columns = {
      {"slice"}, {"examples", true}, {"accuracy", true}, {"macro F1", true}, {"log-loss", true}};
  if (reference != nullptr) columns.push_back({"accuracy, change", true});
  return section("slices", "Slices", table("slices", "Slices", columns, rows, true));
}

}  // namespace textlambda::report::html
