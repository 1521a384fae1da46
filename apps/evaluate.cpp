// textlambda-evaluate: model + labelled corpus → metrics, and whether they are as good as they have to be.
#include <initializer_list>
#include <string>

#include "textlambda/gate/settings.h"
#include "textlambda/io/error.h"

#include "command/command.h"
#include "evaluate/clustering_run.h"
#include "evaluate/drift_run.h"
#include "evaluate/gate_run.h"
#include "evaluate/threshold_run.h"

namespace {

using namespace textlambda;

constexpr const char* kExamples =
    "  textlambda-evaluate --model tickets.tlm --test test.csv\n"
    "  textlambda-evaluate --model tickets.tlm --test test.csv --baseline main.json --update-baseline\n"
    "  textlambda-evaluate --model new.tlm --test test.csv --baseline main.json --max-drop accuracy=0.5pp\n"
    "  textlambda-evaluate --model tickets.tlm --test test.csv --target-precision 0.95 --store-threshold\n"
    "  textlambda-evaluate --model tickets.tlm --unlabelled traffic.jsonl";

struct Arguments {
  command::EvaluateArguments measure;
  command::ThresholdArguments threshold;
  command::DriftArguments drift;
  bool clustering = false;
};

void refuse(const command::Options& options, const char* question, std::initializer_list<const char*> others) {
  for (const char* other : others) {
    if (options.count(other) > 0) {
      io::throw_usage(std::string(question) + " and " + other + " are two questions: ask one at a time");
    }
  }
}

void require(const command::Options& options, const char* option) {
  if (options.count(option) == 0) io::throw_usage(std::string(option) + " is required");
}

int run_drift(const command::Command& command, const Arguments& arguments, const command::Options& options) {
  refuse(options, "--unlabelled",
         {"--test", "--errors", "--baseline", "--anchor", "--compare", "--update-baseline", "--min", "--max",
          "--max-drop", "--slice", "--cluster-by", "--target-precision", "--max-risk"});
  require(options, "--model");
  const command::GateArguments& gate = arguments.measure.gate;
  gate::GateSettings settings;
  settings.on_inconclusive = gate.settings.on_inconclusive;
  const bool fails = gate::parse_rules(settings).on_inconclusive == gate::OnInconclusive::fail;
  return command::run_drift(
      command, arguments.drift,
      {arguments.measure.model, arguments.measure.reading, arguments.measure.executor,
       gate.settings.alpha.value_or(drift::DriftOptions().alpha), fails, gate.exit_zero, gate.report_targets()});
}

int run_threshold(const command::Command& command, const Arguments& arguments, const command::Options& options) {
  refuse(options, "an abstain threshold",
         {"--errors", "--baseline", "--anchor", "--compare", "--update-baseline", "--min", "--max", "--max-drop",
          "--slice", "--cluster-by", "--on-inconclusive"});
  require(options, "--model");
  require(options, "--test");
  const command::EvaluateArguments& measure = arguments.measure;
  return command::run_threshold(
      command, arguments.threshold,
      {measure.model, measure.tests, measure.reading, measure.executor, measure.allow_unknown_labels,
       measure.gate.settings.alpha.value_or(metrics::ThresholdOptions().alpha), measure.gate.exit_zero,
       measure.gate.report_targets()});
}

int run_clustering(const command::Command& command, const Arguments& arguments, const command::Options& options) {
  refuse(
      options, "--clustering",
      {"--unlabelled", "--errors", "--baseline", "--anchor", "--compare", "--update-baseline", "--min", "--max",
       "--max-drop", "--slice", "--cluster-by", "--target-precision", "--max-risk", "--on-inconclusive", "--report"});
  require(options, "--model");
  require(options, "--test");
  const command::EvaluateArguments& measure = arguments.measure;
  return command::run_clustering(command, {measure.model, measure.tests, measure.reading, measure.executor});
}

}  // namespace

int main(int argc, char** argv) {
  command::Command command("textlambda-evaluate", "Measures a model on a labelled corpus and compares it with others.",
                           kExamples);
  Arguments all;
  command::EvaluateArguments& arguments = all.measure;
  command::Options& options = command.options();
  options.add_option("-m,--model", arguments.model, "The model file").option_text("MODEL");
  options.add_option("-t,--test", arguments.tests, "Labelled corpora, as for textlambda-train; - for stdin")
      .option_text("CORPUS ...");
  options.add_flag("--allow-unknown-labels", arguments.allow_unknown_labels,
                   "Go on where the corpus has labels that the model does not know");
  options.add_option("--errors", arguments.errors, "Write every wrong row there: .csv, else JSON Lines; - for stdout")
      .option_text("FILE");
  options.add_flag("--clustering", all.clustering, "How the model's groups agree with labels of other names");
  command.add_threads_option(arguments.executor);
  command.add_json_flag("Print one JSON object");
  arguments.gate.add_to(options);
  all.threshold.add_to(options);
  all.drift.add_to(options);
  arguments.reading.add_to(options, true);
  command.show_in_help({"model", "test", "json", "baseline", "update-baseline", "max-drop", "min", "slice",
                        "on-inconclusive", "report", "target-precision", "store-threshold", "unlabelled", "clustering",
                        "text", "label"});
  return command.run(argc, argv, [&] {
    all.threshold.check(options);
    if (all.clustering) return run_clustering(command, all, options);
    if (all.drift.asked()) return run_drift(command, all, options);
    if (all.threshold.asked()) return run_threshold(command, all, options);
    arguments.gate.check(options);
    return arguments.gate.compared.empty() ? command::run_evaluate(command, arguments)
                                           : command::run_compare(command, arguments);
  });
}
