#include "textlambda/report/report.h"

#include <array>
#include <utility>

#include "textlambda/io/atomic_file.h"
#include "textlambda/io/error.h"
#include "textlambda/report/gate_text.h"
#include "textlambda/report/github.h"
#include "textlambda/report/html.h"
#include "textlambda/report/json.h"
#include "textlambda/report/junit.h"
#include "textlambda/report/markdown.h"
#include "textlambda/report/sarif.h"
#include "textlambda/report/text.h"
#include "textlambda/text/shown.h"

namespace textlambda::report {
namespace {

std::string text_report(const Report& report) {
  return text::shown_lines(gate_text(report) + (report.comparison.asked() ? "\n" : "") + to_text(report.evaluation));
}

// A new kind: its file, its row here, its paragraph in docs/ci.md.
constexpr std::array kKinds = {
    Kind{"text", text_report, findings_text},
    Kind{"json", to_json, findings_json},
    Kind{"md", to_markdown, findings_markdown},
    Kind{"junit", to_junit, findings_junit},
    Kind{"github", to_github, findings_github},
    Kind{"sarif", to_sarif, nullptr},
    Kind{"html", to_html, nullptr},
};

}  // namespace

std::span<const Kind> kinds() { return kKinds; }

std::string kind_names(std::string_view last, bool of_findings) {
  std::vector<std::string_view> listed;
  for (const Kind& kind : kKinds) {
    if (!of_findings || kind.render_findings != nullptr) listed.push_back(kind.name);
  }
  std::string names(listed.front());
  for (std::size_t i = 1; i < listed.size(); ++i) {
    names += i + 1 < listed.size() ? ", " : last;
    names += listed[i];
  }
  return names;
}

ReportTarget parse_report_target(std::string_view argument) {
  const std::size_t equals = argument.find('=');
  const std::string_view name = argument.substr(0, equals);
  for (const Kind& kind : kKinds) {
    if (kind.name != name) continue;
    if (equals == std::string_view::npos || equals + 1 == argument.size()) {
      io::throw_usage("--report " + std::string(argument) + ": expected KIND=PATH");
    }
    return {&kind, std::string(argument.substr(equals + 1))};
  }
  io::throw_usage("--report " + std::string(argument) + ": expected KIND=PATH, KIND one of " + kind_names());
}

void write_reports(const std::vector<ReportTarget>& targets, const Report& report) {
  for (const ReportTarget& target : targets) io::write_file(target.path, target.kind->render(report));
}

void write_reports(const std::vector<ReportTarget>& targets, const Findings& findings) {
  for (const ReportTarget& target : targets) io::write_file(target.path, target.kind->render_findings(findings));
}

}  // namespace textlambda::report
