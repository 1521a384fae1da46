#include "textlambda/conform/scorecard_report.h"

#include <array>

#include "textlambda/io/atomic_file.h"
#include "textlambda/io/error.h"
#include "textlambda/report/junit_xml.h"

namespace textlambda::conform {
namespace {

struct ReportKind {
  std::string_view name;
  std::string (*render)(const Scorecard&);
};
constexpr std::array kReportKinds = {ReportKind{"json", to_json}, ReportKind{"html", to_html},
                                     ReportKind{"junit", to_junit}};

}  // namespace

std::string to_junit(const Scorecard& card) {
  report::JUnitSuite suite{"textlambda-conform " + card.endpoint, {}};
  for (const ScoredRow& scored : card.rows) {
    const Finding& finding = scored.finding;
    report::JUnitCase test;
    test.class_name = scored.group;
    test.name = scored.row->id;
    switch (finding.verdict) {
      case Verdict::pass:
        break;
      case Verdict::fail:
        test.outcome = report::JUnitCase::Outcome::failed;
        test.message = "expected " + finding.expected;
        test.details = "got " + finding.got + "\n" + std::string(scored.row->source);
        break;
      case Verdict::skipped:
      case Verdict::not_applicable:
        test.outcome = report::JUnitCase::Outcome::skipped;
        test.message = finding.reason;
        break;
    }
    suite.cases.push_back(std::move(test));
  }
  return report::to_junit(suite);
}

ReportTarget parse_report_target(std::string_view argument) {
  const std::size_t equals = argument.find('=');
  for (const ReportKind& kind : kReportKinds) {
    if (kind.name != argument.substr(0, equals)) continue;
    if (equals == std::string_view::npos || equals + 1 == argument.size()) break;
    return {kind.render, std::string(argument.substr(equals + 1))};
  }
  io::throw_usage("--report " + std::string(argument) + ": expected KIND=PATH, KIND one of json, html, junit");
}

void write_reports(const std::vector<ReportTarget>& targets, const Scorecard& card) {
  for (const auto& [render, path] : targets) io::write_file(path, render(card));
}

}  // namespace textlambda::conform
