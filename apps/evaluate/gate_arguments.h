// The options of textlambda-evaluate that hold a run against limits and earlier runs.
#pragma once

#include <string>
#include <vector>

#include "textlambda/gate/settings.h"
#include "textlambda/report/report.h"

#include "command/options.h"

namespace textlambda::command {

struct GateArguments {
  std::vector<std::string> baselines;
  std::vector<std::string> anchors;
  std::vector<std::string> anchor_max_drop;
  std::vector<std::string> compared;  // --compare
  gate::GateSettings settings;
  std::vector<std::string> reports;  // KIND=PATH
  bool update_baseline = false;
  bool allow_update_in_ci = false;
  bool allow_dataset_change = false;
  bool exit_zero = false;
  bool no_text = false;

  void add_to(Options& options);

  // After parsing: options that need one another, and what CI forbids. Throws Error(usage).
  void check(const Options& options) const;

  // Whether anything is asked that a plain measurement does not need.
  bool asked() const;
  std::vector<report::ReportTarget> report_targets() const;
  // The baselines and anchors that are named, with their rows.
  std::vector<std::string> kept_files() const;
  // No report may go over what is read, `inputs` or a baseline and its rows, nor over another one; no baseline over
  // `inputs` or an anchor. Throws Error(usage).
  void keep_outputs_apart(std::vector<std::string> inputs) const;
};

}  // namespace textlambda::command
