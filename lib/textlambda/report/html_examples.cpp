// The report's sections that go down to single examples: the confusion matrix, and the flips.
#include <algorithm>
#include <cstddef>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "textlambda/report/display_width.h"
#include "textlambda/report/escape.h"
#include "textlambda/report/figure_text.h"
#include "textlambda/report/html_elements.h"
#include "textlambda/report/html_sections.h"
#include "textlambda/text/count.h"

namespace textlambda::report::html {
namespace {

using gate::ExampleRow;
using gate::Flip;
using metrics::ConfusionCell;
using metrics::LabelMetrics;
using metrics::Metrics;

constexpr std::size_t kLargestMatrix = 20;  // labels: what a page of 70rem holds without a column cut off
constexpr std::size_t kConfusionsShown = 100;
constexpr std::size_t kConfusionsBesideMatrix = 10;
constexpr std::size_t kHeadWidth = 18;
constexpr std::size_t kFlipsUnfolded = 10;

using Cell = std::pair<std::size_t, std::size_t>;  // truth, prediction

std::map<std::string, std::size_t> numbers_of(const Metrics& metrics) {
  std::map<std::string, std::size_t> numbers;
  for (std::size_t i = 0; i < metrics.labels.size(); ++i) numbers.emplace(metrics.labels[i].label, i);
  return numbers;
}

std::string cell_name(const Cell& at) { return fmt::format("{}-{}", at.first, at.second); }

std::string place(const corpus::Location& location) {
  if (location.file.empty()) return "";
  return "<code>" + words(fmt::format("{}:{}", location.file, location.line)) + "</code>";
}

std::string reasons(const Report& report, const ExampleRow& example) {
  if (!report.texts) return "";
  std::string html;
  for (const model::Contribution& reason : example.reasons) {
    html += fmt::format("<span class=\"n-gram {}\">{} {}{:.2f}</span>", reason.logit < 0 ? "against" : "for",
                        words(reason.n_gram), reason.logit < 0 ? "−" : "+",
                        reason.logit < 0 ? -reason.logit : reason.logit);
  }
  return html;
}

// The cell's count; a button where the page has examples of it.
std::string matrix_cell(const Metrics& metrics, const Cell& at, bool has_examples) {
  const auto& [truth, predicted] = at;
  const std::uint64_t count = metrics.confusion.count(truth, predicted);
  const LabelMetrics& label = metrics.labels[truth];
  const double share = label.support == 0 ? 0 : static_cast<double>(count) / static_cast<double>(label.support);
  const char* kind = truth == predicted ? "right" : "wrong";
  const std::string shown = count == 0 ? "·" : text::grouped(count);
  const std::string content =
      has_examples ? fmt::format(
                         "<button type=\"button\" data-cell=\"{}\" aria-pressed=\"false\" aria-label=\"{} of {} "
                         "taken for {}\">{}</button>",
                         cell_name(at), text::grouped(count), escape_html(label.label),
                         escape_html(metrics.labels[predicted].label), shown)
                   : fmt::format("<span>{}</span>", shown);
  return fmt::format("<td class=\"{}\" style=\"--share:{:.3f}\">{}</td>", kind, share * 0.75, content);
}

std::string matrix(const Metrics& metrics, const std::set<Cell>& with_examples) {
  const std::size_t columns = metrics.confusion.columns();
  std::string html =
      "<div class=\"scroll matrix-scroll\" role=\"region\" aria-label=\"Confusion matrix\" tabindex=\"0\"><table "
      "class=\"matrix\">\n"
      "<thead><tr><th scope=\"col\">truth ↓ · predicted →</th>";
  for (std::size_t column = 0; column < columns; ++column) {
    const std::string& label = metrics.labels[column].label;
    html +=
        fmt::format("<th scope=\"col\" title=\"{}\">{}</th>", escape_html(label), words(printable(label, kHeadWidth)));
  }
  html += "</tr></thead>\n<tbody>\n";
  for (std::size_t truth = 0; truth < metrics.confusion.rows(); ++truth) {
    const std::string& label = metrics.labels[truth].label;
    html += fmt::format("<tr><th scope=\"row\" title=\"{}\">{}</th>", escape_html(label),
                        words(printable(label, kHeadWidth)));
    for (std::size_t predicted = 0; predicted < columns; ++predicted) {
      html += matrix_cell(metrics, {truth, predicted}, with_examples.count({truth, predicted}) > 0);
    }
    html += "</tr>\n";
  }
  return html + "</tbody></table></div>\n";
}

std::string largest_confusions(const Metrics& metrics, const std::set<Cell>& with_examples, std::size_t shown) {
  std::vector<ConfusionCell> confusions = metrics.confusion.largest_confusions();
  if (confusions.empty()) return "";
  const std::size_t found = confusions.size();
  confusions.resize(std::min(found, shown));
  std::vector<std::string> rows;
  for (const ConfusionCell& wrong : confusions) {
    const Cell at{wrong.truth, wrong.predicted};
    rows.push_back("<tr>" + cell(words(metrics.labels[at.first].label)) + cell(words(metrics.labels[at.second].label)) +
                   matrix_cell(metrics, at, with_examples.count(at) > 0) + "</tr>");
  }
  const std::string title =
      found > shown ? fmt::format("<p>The {} largest of {} kinds of confusion:</p>\n", shown, text::grouped(found))
                    : "<p>The largest confusions:</p>\n";
  return title + table("confusions", "Largest confusions", {{"truth"}, {"predicted"}, {"examples", true}}, rows, false);
}

std::string example_row(const Report& report, const ExampleRow& example, const Cell& at) {
  std::string text = report.texts ? words(example.text) : "";
  const std::string why = reasons(report, example);
  if (!why.empty()) text += "<br>" + why;
  return fmt::format("<tr data-cell=\"{}\">{}{}{}<td class=\"text\">{}</td>{}</tr>", cell_name(at),
                     cell(words(example.truth)), cell(words(example.predicted)),
                     number_cell(fmt::format("{:.2f}", example.confidence), static_cast<double>(example.confidence)),
                     text, cell(place(example.location)));
}

std::string flip_item(const Report& report, const Flip& flip) {
  const ExampleRow& row = flip.row;
  std::string html =
      fmt::format("<li>{} is {}: was taken for {} ({:.2f}), now for {} ({:.2f})", place(row.location), words(row.truth),
                  words(flip.predicted_before), flip.confidence_before, words(row.predicted), row.confidence);
  if (report.texts && !row.text.empty())
    html += fmt::format("<blockquote dir=\"auto\">{}</blockquote>", words(row.text));
  return html + reasons(report, row) + "</li>\n";
}

// The first few to be seen at once, the others folded away.
std::string flip_list(const Report& report, std::string_view title, const std::vector<Flip>& flips) {
  if (flips.empty()) return "";
  const std::size_t shown = std::min(flips.size(), gate::kFlipsWithText);
  std::string html = fmt::format("<details{}><summary>{} {}{}</summary>\n<ul class=\"flips\">\n",
                                 title == "newly wrong" ? " open" : "", text::grouped(flips.size()), title,
                                 shown < flips.size() ? fmt::format(", the {} most confident ones", shown) : "");
  for (std::size_t i = 0; i < shown; ++i) {
    if (i == kFlipsUnfolded) {
      html += fmt::format("</ul>\n<details><summary>{} more</summary><ul class=\"flips\">\n", shown - i);
    }
    html += flip_item(report, flips[i]);
  }
  return html + (shown > kFlipsUnfolded ? "</ul></details></details>\n" : "</ul></details>\n");
}

}  // namespace

std::string confusion(const Report& report) {
  const Metrics& metrics = report.evaluation.metrics;
  const std::map<std::string, std::size_t> numbers = numbers_of(metrics);
  std::set<Cell> with_examples;
  std::vector<std::string> rows;
  for (const ExampleRow& example : report.comparison.errors) {
    const auto truth = numbers.find(example.truth);
    const auto predicted = numbers.find(example.predicted);
    if (truth == numbers.end() || predicted == numbers.end()) continue;
    const Cell at{truth->second, predicted->second};
    with_examples.insert(at);
    rows.push_back(example_row(report, example, at));
  }
  const bool fits = metrics.labels.size() <= kLargestMatrix;
  std::string html = fits ? matrix(metrics, with_examples) : "";
  html += largest_confusions(metrics, with_examples, fits ? kConfusionsBesideMatrix : kConfusionsShown);
  if (rows.empty()) return section("confusion", "Confusion matrix", html);
  const std::string all = fmt::format("{} wrong predictions, at most {} a cell, the most confident first",
                                      text::grouped(rows.size()), gate::kErrorsPerCell);
  html += "<p class=\"quiet\">Choose a coloured count to see examples of it.</p>\n";
  html += fmt::format(
      "<div class=\"filter\"><span id=\"examples-shown\" tabindex=\"-1\" role=\"status\" "
      "data-all=\"{0}\">{0}</span><button type=\"button\" id=\"examples-all\" hidden>show all</button>"
      "</div>\n",
      all);
  html += table(
      "examples", "Wrong predictions",
      {{"truth"}, {"predicted"}, {"confidence", true}, {report.texts ? "text, and what decided" : "text"}, {"where"}},
      rows, true);
  return section("confusion", "Confusion matrix", html);
}

std::string flips(const Report& report) {
  const gate::Comparison& comparison = report.comparison;
  if (comparison.references.empty()) return "";
  const std::string html = flip_list(report, "newly wrong", comparison.newly_wrong) +
                           flip_list(report, "newly right", comparison.newly_right);
  const std::string against = fmt::format(
      "<p class=\"quiet\">Against {}. Below each text the n-grams that decided, with what they added to the "
      "label's logit.</p>\n",
      words(comparison.references.front().identity.name));
  return section("flips", "What changed sides",
                 html.empty() ? "<p>No prediction became right or wrong.</p>\n" : (report.texts ? against : "") + html);
}

}  // namespace textlambda::report::html
