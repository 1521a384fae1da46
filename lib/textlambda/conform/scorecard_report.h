// A scorecard in the forms that --report and --json write. Pure but for write_reports; thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "textlambda/conform/scorecard.h"

namespace textlambda::conform {

// For people: a line a row as it is scored, with what was expected and what came where it failed, and the sums at the
// end.
std::string row_text(const ScoredRow& scored);
std::string heading_text(const Scorecard& card);
std::string sums_text(const Scorecard& card);  // "118 rows: 101 passed, 9 failed, 8 skipped"

std::string to_json(const Scorecard& card);
std::string to_junit(const Scorecard& card);
std::string to_html(const Scorecard& card);

// One --report KIND=PATH, KIND one of json, html, junit. Throws Error(usage).
using ReportTarget = std::pair<std::string (*)(const Scorecard&), std::string>;
ReportTarget parse_report_target(std::string_view argument);

// Each whole or not at all. Throws Error(input_output).
void write_reports(const std::vector<ReportTarget>& targets, const Scorecard& card);

}  // namespace textlambda::conform
