#include "evaluate/threshold_run.h"

#include <cstddef>
#include <filesystem>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "textlambda/corpus/corpus.h"
#include "textlambda/corpus/printable.h"
#include "textlambda/io/atomic_file.h"
#include "textlambda/io/error.h"
#include "textlambda/io/remote_files.h"
#include "textlambda/metrics/evaluation.h"
#include "textlambda/metrics/overlap.h"
#include "textlambda/model/classifier.h"
#include "textlambda/model/model_file.h"
#include "textlambda/model/profile_writer.h"
#include "textlambda/report/findings.h"

#include "command/overwriting.h"
#include "command/progress_bar.h"
#include "evaluate/findings_reports.h"

namespace textlambda::command {

namespace {

// Before anything is measured: a corpus named by mistake, which is easily done since the name is optional, is not
// overwritten with a model.
void require_model_or_nothing(const std::string& path) {
  std::error_code missing;
  const bool remote = io::remote_files_for(path) != nullptr;
  if (remote && !io::exists(path)) return;
  if (!remote && (!std::filesystem::is_regular_file(path, missing) || std::filesystem::file_size(path, missing) == 0)) {
    return;
  }
  try {
    model::ModelFile::open(path);
  } catch (const io::Error&) {
    io::throw_input("is not a model and would be overwritten: remove it first if that is meant", path);
  }
}

}  // namespace

void ThresholdArguments::add_to(Options& declared) {
  const std::string group = "Threshold";
  const Option precision =
      declared
          .add_option("--target-precision", target_precision, "Find the abstain threshold that promises this precision")
          .group(group)
          .option_text("SHARE");
  declared.add_option("--max-risk", max_risk, "Likewise, by the share of wrong ones among the answered")
      .group(group)
      .excludes(precision)
      .option_text("SHARE");
  declared.add_option("--store-threshold", output, "Write it into the model, or into a copy")
      .expected(0, 1)
      .group(group)
      .option_text("[MODEL]");
}

void ThresholdArguments::check(const Options& given) {
  store = given.count("--store-threshold") > 0;
  if (store && !asked()) io::throw_usage("--store-threshold needs --target-precision or --max-risk");
  const auto require_share = [](const char* option, const std::optional<double>& share) {
    if (share && !(*share > 0 && *share < 1)) {
      io::throw_usage(fmt::format("{} {}: expected a share above 0 and below 1, as in 0.95", option, *share));
    }
  };
  require_share("--target-precision", target_precision);
  require_share("--max-risk", max_risk);
  if (asked()) metrics::validate(options(metrics::ThresholdOptions().alpha));
}

metrics::ThresholdOptions ThresholdArguments::options(double alpha) const {
  return {max_risk ? *max_risk : 1 - target_precision.value_or(1), alpha};
}

int run_threshold(const Command& command, const ThresholdArguments& arguments, const ThresholdRun& run) {
  const metrics::ThresholdOptions options = arguments.options(run.alpha);
  metrics::validate(options);
  std::vector<std::string> inputs = run.tests;
  inputs.push_back(command.options().config_file());
  const std::string& stored = arguments.output.empty() ? run.model : arguments.output;
  refuse_overwriting("--store-threshold", stored, inputs);
  inputs.insert(inputs.end(), {run.model, stored});
  const FindingsReports reports(run.reports, inputs);
  if (!arguments.output.empty()) require_model_or_nothing(arguments.output);
  const model::Classifier classifier = model::Classifier::load(run.model);
  const corpus::Corpus corpus = corpus::Corpus::open(run.tests, run.reading.options());
  note_inputs(command, corpus);
  ProgressBar bar(command);
  const metrics::Evaluation evaluation = metrics::evaluate(
      classifier, corpus, run.executor, [&](double share) { bar.show("evaluate", share); }, metrics::KeepRows::yes);
  bar.clear();
  note_skipped(command, evaluation.faults.bad_rows);
  const metrics::JudgedRows& rows = evaluation.rows;
  if (rows.labels.size() > rows.known_labels && !run.allow_unknown_labels) {
    throw io::Error(
        io::ErrorKind::mismatch,
        fmt::format("labels that the model does not know: {} (--allow-unknown-labels counts them as wrong "
                    "and goes on)",
                    corpus::list_in_quotes(
                        {rows.labels.begin() + static_cast<std::ptrdiff_t>(rows.known_labels), rows.labels.end()})),
        corpus.inputs().front().name);
  }
  if (const std::string overlap =
          metrics::overlap_sentence(metrics::find_overlap(rows, classifier.file().row_filter()));
      !overlap.empty()) {
    command.note("warning: " + overlap);
  }

  std::vector<stats::ConfidenceOutcome> outcomes;
  outcomes.reserve(rows.rows.size());
  for (const metrics::JudgedRow& row : rows.rows) outcomes.push_back({row.confidence, row.correct()});
  const metrics::ThresholdChoice choice = metrics::choose_threshold(std::move(outcomes), options);
  if (choice.attained && arguments.store) {
    io::write_file(stored, model::with_abstain_threshold(classifier.file().bytes(), choice.threshold));
    command.note(fmt::format("{}: stored the threshold {:.6f}", stored, choice.threshold));
  }
  reports.write(command, report::findings_of(choice, options));
  return choice.attained || run.exit_zero ? kDone : kJudgedFailed;
}

}  // namespace textlambda::command
