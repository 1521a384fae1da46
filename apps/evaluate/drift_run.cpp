#include "evaluate/drift_run.h"

#include <fmt/format.h>

#include "textlambda/drift/traffic.h"
#include "textlambda/model/classifier.h"
#include "textlambda/report/findings.h"

#include "command/progress_bar.h"
#include "evaluate/findings_reports.h"

namespace textlambda::command {

void DriftArguments::add_to(Options& options) {
  const std::string group = "Drift";
  options.add_option("--unlabelled", traffic, "Compare texts or recorded events with the training documents")
      .group(group)
      .option_text("TRAFFIC ...");
  options.add_option("--min-shift", min_shift, "Share of texts that has to change before it is drift [0.1]")
      .group(group)
      .option_text("SHARE");
}

int run_drift(const Command& command, const DriftArguments& arguments, const DriftRun& run) {
  const drift::DriftOptions options{arguments.min_shift, run.alpha};
  drift::validate(options);
  std::vector<std::string> inputs = arguments.traffic;
  inputs.insert(inputs.end(), {run.model, command.options().config_file()});
  const FindingsReports reports(run.reports, inputs);
  const model::Classifier classifier = model::Classifier::load(run.model);
  ProgressBar bar(command);
  const drift::Traffic traffic = drift::read_traffic(classifier, arguments.traffic, run.reading.options(), run.executor,
                                                     [&](double share) { bar.show("traffic", share); });
  bar.clear();
  if (const std::string remark = traffic.events.remark(); !remark.empty()) command.note(remark);

  std::vector<std::string> labels;
  for (std::size_t i = 0; i < classifier.label_count(); ++i) labels.emplace_back(classifier.label(i));
  const drift::DriftReport report = drift::find_drift(classifier.file().sketch(), traffic.sketch, labels, options);
  reports.write(command, report::findings_of(report));
  if (run.exit_zero || report.verdict == drift::DriftVerdict::none) return kDone;
  if (report.verdict == drift::DriftVerdict::drift) return kJudgedFailed;
  return run.inconclusive_fails ? kInconclusive : kDone;
}

}  // namespace textlambda::command
