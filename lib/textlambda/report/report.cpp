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

namespace textlambda::report {
namespace {

constexpr std::array kKinds = {Kind::text,   Kind::json,  Kind::markdown, Kind::junit,
                               Kind::github, Kind::sarif, Kind::html};

std::string kinds() {
  std::string names;
  for (const Kind kind : kKinds) names += (names.empty() ? "" : ", ") + std::string(kind_name(kind));
  return names;
}

}  // namespace

std::string_view kind_name(Kind kind) {
  switch (kind) {
    case Kind::text:
      return "text";
    case Kind::json:
      return "json";
    case Kind::markdown:
      return "md";
    case Kind::junit:
      return "junit";
    case Kind::github:
      return "github";
    case Kind::sarif:
      return "sarif";
    case Kind::html:
      return "html";
  }
  return "";
}

std::string render(Kind kind, const Report& report) {
  switch (kind) {
    case Kind::text:
      return gate_text(report) + (report.comparison.asked() ? "\n" : "") + to_text(report.evaluation);
    case Kind::json:
      return to_json(report);
    case Kind::markdown:
      return to_markdown(report);
    case Kind::junit:
      return to_junit(report);
    case Kind::github:
      return to_github(report);
    case Kind::sarif:
      return to_sarif(report);
    case Kind::html:
      return to_html(report);
  }
  return "";
}

ReportTarget parse_report_target(std::string_view argument) {
  const std::size_t equals = argument.find('=');
  const std::string_view name = argument.substr(0, equals);
  for (const Kind kind : kKinds) {
    if (kind_name(kind) != name) continue;
    if (equals == std::string_view::npos || equals + 1 == argument.size()) {
      io::throw_usage("--report " + std::string(argument) + ": expected KIND=PATH");
    }
    return {kind, std::string(argument.substr(equals + 1))};
  }
  io::throw_usage("--report " + std::string(argument) + ": expected KIND=PATH, KIND one of " + kinds());
}

void write_reports(const std::vector<ReportTarget>& targets, const Report& report) {
  for (const ReportTarget& target : targets) io::write_file(target.path, render(target.kind, report));
}

}  // namespace textlambda::report
