#include "evaluate/findings_reports.h"

#include <fmt/format.h>

#include "textlambda/io/error.h"

#include "command/overwriting.h"
#include "evaluate/github_job.h"

namespace textlambda::command {

FindingsReports::FindingsReports(const std::vector<report::ReportTarget>& targets,
                                 const std::vector<std::string>& inputs) {
  std::vector<Output> outputs;
  for (const report::ReportTarget& target : targets) {
    if (target.kind->render_findings == nullptr) {
      io::throw_usage(fmt::format("--report {}: there is no such report of drift and thresholds, expected {}",
                                  target.kind->name, report::kind_names(" or ", true)));
    }
    refuse_overwriting("--report", target.path, inputs);
    outputs.emplace_back("--report", target.path);
    (target.path == "-" ? printed_ : files_).push_back(target);
  }
  keep_apart(outputs);
}

void FindingsReports::write(const Command& command, const report::Findings& findings) const {
  for (const report::ReportTarget& target : printed_) print(target.kind->render_findings(findings));
  report::write_reports(files_, findings);
  tell_github(command, report::findings_github(findings), findings.markdown);
  if (!printed_.empty()) return;
  if (command.json()) {
    print(findings.json);
  } else {
    print_text(findings.text);
  }
}

}  // namespace textlambda::command
