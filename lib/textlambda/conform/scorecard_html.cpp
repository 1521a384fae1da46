#include <vector>

#include <fmt/format.h>

#include "textlambda/conform/scorecard_report.h"
#include "textlambda/report/escape.h"
#include "textlambda/report/html_elements.h"
#include "textlambda/report/html_page.h"

namespace textlambda::conform {
namespace {

// The words for which page.css has colours.
std::string_view word_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass:
      return "PASS";
    case Verdict::fail:
      return "REGRESSED";
    case Verdict::skipped:
    case Verdict::not_applicable:
      return "INCONCLUSIVE";
  }
  return "";
}

std::string verdict_cell(Verdict verdict) {
  return report::html::cell(fmt::format("<span class=\"word {}\">{}</span>",
                                        report::html::verdict_class(word_of(verdict)), verdict_name(verdict)));
}

std::string row_of(const ScoredRow& scored) {
  using report::html::cell;
  using report::html::words;
  const Finding& finding = scored.finding;
  const std::string found = finding.verdict == Verdict::fail
                                ? fmt::format("expected {}<br>got {}", words(finding.expected), words(finding.got))
                                : words(finding.reason);
  return fmt::format(
      "<tr>{}{}{}{}</tr>", verdict_cell(finding.verdict),
      cell("<code>" + report::escape_html(scored.row->id) + "</code>"),
      cell(fmt::format("<a href=\"{}\">{}</a>", report::escape_html(scored.row->source), words(scored.row->asks))),
      cell(found));
}

}  // namespace

std::string to_html(const Scorecard& card) {
  std::string body = fmt::format("<main>\n<h1>Lambda contract</h1>\n<p>{}</p>\n<p>{}</p>\n",
                                 report::html::words(heading_text(card)), report::html::words(sums_text(card)));
  for (const RowGroup& group : row_groups()) {
    std::vector<std::string> rows;
    for (const ScoredRow& scored : card.rows) {
      if (scored.group == group.name) rows.push_back(row_of(scored));
    }
    if (rows.empty()) continue;
    body += report::html::section(
        group.name, group.name,
        report::html::table("", group.name, {{"verdict"}, {"row"}, {"what is asked"}, {"found"}}, rows, false));
  }
  return report::assemble({.title = "Lambda contract: " + card.endpoint, .body = body + "</main>\n", .chart_data = {}});
}

}  // namespace textlambda::conform
