// --report of a run that is no gate: which files, and that they take the place of nothing that is read.
#pragma once

#include <string>
#include <vector>

#include "textlambda/report/report.h"

#include "command/command.h"

namespace textlambda::command {

class FindingsReports {
 public:
  // Before anything is measured. Throws Error(usage) for kinds that have no form for findings, and for paths that are
  // one of `inputs` or each other.
  FindingsReports(const std::vector<report::ReportTarget>& targets, const std::vector<std::string>& inputs);

  // The files, the workflow commands where GitHub runs it, and standard output: what --report sends there, else JSON
  // where that was asked for, else text.
  void write(const Command& command, const report::Findings& findings) const;

 private:
  std::vector<report::ReportTarget> files_;
  std::vector<report::ReportTarget> printed_;
};

}  // namespace textlambda::command
