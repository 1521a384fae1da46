#include "evaluate/gate_arguments.h"

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "textlambda/gate/baseline.h"
#include "textlambda/io/error.h"
#include "textlambda/io/output_target.h"

#include "command/overwriting.h"

namespace textlambda::command {
namespace {

// CI services set it to "true" or "1".
bool is_in_ci() {
  const char* value = std::getenv("CI");
  if (value == nullptr) return false;
  const std::string_view text = value;
  return !text.empty() && text != "false" && text != "0";
}

}  // namespace

void GateArguments::add_to(Options& options) {
  const std::string gate = "Gate";
  // One value an occurrence: what follows is not another one.
  const auto repeatable = [&](const char* name, std::vector<std::string>& values, const std::string& help,
                              const char* value) {
    options.add_option(name, values, help).one_value_each().group(gate).option_text(value);
  };
  repeatable("--baseline", baselines, "Compare with an earlier run; repeatable", "FILE");
  options.add_flag("--update-baseline", update_baseline, "Make this run the baseline").group(gate);
  repeatable("--max-drop", settings.max_drop, "Loss that is allowed [accuracy=0pp]; repeatable", "METRIC=Xpp");
  repeatable("--min", settings.min, "Floor of a metric, as in recall[spam]=0.95", "METRIC=X");
  repeatable("--max", settings.max, "Ceiling of a metric, as in ece=0.05", "METRIC=X");
  repeatable("--slice", settings.slices, "Also compare each value of a column", "COLUMN");
  options.add_option("--cluster-by", settings.cluster_by, "Rows of one value are not independent")
      .group(gate)
      .option_text("COLUMN");
  repeatable("--anchor", anchors, "Compare with a pinned older release too", "FILE");
  repeatable("--anchor-max-drop", anchor_max_drop, "Its own allowed loss [as --max-drop]", "METRIC=Xpp");
  options.add_option("--alpha", settings.alpha, "One-sided error rate [0.05]").group(gate).option_text("RATE");
  options.add_option("--on-inconclusive", settings.on_inconclusive, "pass, warn or fail [warn]")
      .group(gate)
      .option_text("HOW");
  options.add_option("--compare", compared, "Compare baselines alone: no model, no corpus")
      .expected(2, 100)
      .group(gate)
      .option_text("OLD ... NEW");
  repeatable("--report", reports, report::kind_names(" or ") + "; repeatable", "KIND=PATH");
  options.add_flag("--no-text", no_text, "Keep the corpus's words out of every report").group(gate);
  options.add_flag("--exit-zero", exit_zero, "Report a failed gate, exit with 0").group(gate);
  options.add_flag("--allow-dataset-change", allow_dataset_change, "Compare the rows that both have").group(gate);
  options.add_flag("--allow-update-in-ci", allow_update_in_ci, "Let --update-baseline work where CI is set")
      .group(gate);
}

void GateArguments::check(const Options& options) const {
  const auto given = [&](const char* name) { return options.count(name) > 0; };
  if (update_baseline && is_in_ci() && !allow_update_in_ci) {
    io::throw_usage(
        "--update-baseline is refused where CI is set: a gate that rewrites its own baseline stops nothing "
        "(--allow-update-in-ci if that is meant)");
  }
  if (update_baseline && baselines.size() != 1) io::throw_usage("--update-baseline needs one --baseline FILE");
  for (const std::vector<std::string>* files : {&baselines, &anchors, &compared}) {
    if (std::find(files->begin(), files->end(), "-") != files->end()) {
      io::throw_usage("a baseline is two files side by side, not standard input");
    }
  }
  if (given("--compare")) {
    for (const char* name : {"--model", "--test", "--errors", "--baseline", "--anchor", "--update-baseline"}) {
      if (given(name)) io::throw_usage(std::string("--compare needs no ") + name);
    }
    return;
  }
  for (const char* name : {"--model", "--test"}) {
    if (!given(name)) io::throw_usage(std::string(name) + " is required");
  }
  const bool relative = !baselines.empty() || !anchors.empty();
  for (const char* name : {"--max-drop", "--cluster-by", "--alpha", "--on-inconclusive", "--allow-dataset-change"}) {
    if (given(name) && !relative) io::throw_usage(std::string(name) + " needs a --baseline or --anchor");
  }
  if (given("--anchor-max-drop") && anchors.empty()) io::throw_usage("--anchor-max-drop needs an --anchor");
}

bool GateArguments::asked() const {
  return !baselines.empty() || !anchors.empty() || !settings.min.empty() || !settings.max.empty() ||
         !settings.slices.empty() || !reports.empty();
}

std::vector<report::ReportTarget> GateArguments::report_targets() const {
  std::vector<report::ReportTarget> targets;
  for (const std::string& text : reports) {
    targets.push_back(report::parse_report_target(text));
    if (io::is_standard_output(targets.back().path)) targets.back().path = "-";
  }
  return targets;
}

std::vector<std::string> GateArguments::kept_files() const {
  std::vector<std::string> kept;
  for (const std::vector<std::string>* files : {&baselines, &anchors, &compared}) {
    for (const std::string& file : *files) kept.insert(kept.end(), {file, gate::rows_path(file)});
  }
  return kept;
}

void GateArguments::keep_outputs_apart(std::vector<std::string> inputs) const {
  std::vector<Output> outputs;
  for (const report::ReportTarget& target : report_targets()) outputs.emplace_back("--report", target.path);
  if (update_baseline) {
    std::vector<std::string> kept = inputs;
    kept.insert(kept.end(), anchors.begin(), anchors.end());
    refuse_overwriting("--update-baseline", baselines.front(), kept);
  }
  const std::vector<std::string> files = kept_files();
  inputs.insert(inputs.end(), files.begin(), files.end());
  for (const auto& [option, path] : outputs) refuse_overwriting(option, path, inputs);
  keep_apart(outputs);
}

}  // namespace textlambda::command
