// An evaluation, and what a gate made of it, in the form that a reader of each kind expects. Pure but for
// write_reports; thread-safe.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "textlambda/gate/comparison.h"
#include "textlambda/metrics/evaluation.h"
#include "textlambda/report/findings.h"

namespace textlambda::report {

// What a report is made of. References: all have to outlive it.
struct Report {
  const metrics::Evaluation& evaluation;  // the candidate on its test set; its rows too
  const gate::Comparison& comparison;
  bool texts = true;  // false: none of the corpus's words (texts, n-grams) in any report
  std::string tool_version;
};

// A kind of report; a row of the one table of them.
struct Kind {
  std::string_view name;  // as --report spells it
  std::string (*render)(const Report& report);
  std::string (*render_findings)(const Findings& findings);  // null: has no form for those
};

std::span<const Kind> kinds();
// "text, json, …, sarif, html"; `last` stands before the last of them. `of_findings`: those that have a form for them.
std::string kind_names(std::string_view last = ", ", bool of_findings = false);

// One --report KIND=PATH. Throws Error(usage), naming the kinds there are.
struct ReportTarget {
  const Kind* kind = nullptr;  // of the table
  std::string path;
};
ReportTarget parse_report_target(std::string_view argument);

// Each whole or not at all. Throws Error(input_output).
void write_reports(const std::vector<ReportTarget>& targets, const Report& report);
void write_reports(const std::vector<ReportTarget>& targets, const Findings& findings);  // of kinds that have a form

}  // namespace textlambda::report
