// textlambda-evaluate --target-precision, --max-risk: the abstain threshold that keeps a promise, and storing it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "textlambda/io/executor.h"
#include "textlambda/metrics/thresholds.h"
#include "textlambda/report/report.h"

#include "command/command.h"
#include "command/corpus_arguments.h"

namespace textlambda::command {

struct ThresholdArguments {
  std::optional<double> target_precision;
  std::optional<double> max_risk;
  bool store = false;
  std::string output;  // empty: the model itself

  void add_to(Options& declared);
  bool asked() const { return target_precision || max_risk; }
  // After parsing. Throws Error(usage).
  void check(const Options& given);
  metrics::ThresholdOptions options(double alpha) const;
};

// What else the search looks at.
struct ThresholdRun {
  std::string model;
  const std::vector<std::string>& tests;
  const CorpusArguments& reading;
  io::Executor executor;
  bool allow_unknown_labels = false;
  double alpha = metrics::ThresholdOptions().alpha;
  bool exit_zero = false;
  std::vector<report::ReportTarget> reports;
};

int run_threshold(const Command& command, const ThresholdArguments& arguments, const ThresholdRun& run);

}  // namespace textlambda::command
