// textlambda-evaluate --unlabelled: has traffic drifted from what the model was trained for?
#pragma once

#include <string>
#include <vector>

#include "textlambda/drift/drift.h"
#include "textlambda/io/executor.h"
#include "textlambda/report/report.h"

#include "command/command.h"
#include "command/corpus_arguments.h"

namespace textlambda::command {

struct DriftArguments {
  std::vector<std::string> traffic;  // --unlabelled
  double min_shift = drift::DriftOptions().min_shift;

  void add_to(Options& options);
  bool asked() const { return !traffic.empty(); }
};

// What else a run of drift looks at.
struct DriftRun {
  std::string model;
  const CorpusArguments& reading;
  io::Executor executor;
  double alpha = drift::DriftOptions().alpha;
  bool inconclusive_fails = false;
  bool exit_zero = false;
  std::vector<report::ReportTarget> reports;
};

int run_drift(const Command& command, const DriftArguments& arguments, const DriftRun& run);

}  // namespace textlambda::command
