// textlambda-retrain: a corpus and a store of models → a round of the loop: train, hold against the model that answers,
// take its place where the gate allows it.
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "textlambda/corpus/corpus.h"
#include "textlambda/corpus/joined_rows.h"
#include "textlambda/gate/figure_words.h"
#include "textlambda/io/error.h"
#include "textlambda/json/result.h"
#include "textlambda/metrics/metric_name.h"
#include "textlambda/retrain/feedback_corpus.h"
#include "textlambda/retrain/round.h"
#include "textlambda/retrain/round_json.h"
#include "textlambda/store/feedback.h"
#include "textlambda/store/model_store.h"
#include "textlambda/text/count.h"

#include "command/command.h"
#include "command/corpus_arguments.h"
#include "command/figures.h"
#include "command/heap.h"
#include "command/progress_bar.h"

namespace {

using namespace textlambda;
using store::Outcome;

constexpr const char* kExamples =
    "  textlambda-retrain --store models --corpus tickets.csv --test fixed.csv\n"
    "  textlambda-retrain --store models --corpus a.jsonl --test fixed.csv --max-drop accuracy=1pp\n"
    "  textlambda-retrain --store models --corpus tickets.csv --test fixed.csv --event \"$EVENT_ID\" --json";

struct Arguments {
  std::string store;
  std::vector<std::string> corpora;
  std::vector<std::string> tests;
  std::string require = "not-worse";
  command::CorpusArguments reading;
  retrain::RoundOptions round;
  bool no_feedback = false;
};

int status_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::none:
    case Outcome::promoted:
    case Outcome::unchanged:
      return command::kDone;
    case Outcome::refused:
    case Outcome::outdated:
      return command::kJudgedFailed;
    case Outcome::inconclusive:
      return command::kInconclusive;
  }
  return command::kInternal;
}

std::string result_json(const retrain::RoundResult& result) {
  return json::result_text(nlohmann::json::parse(retrain::to_json(result)));
}

std::string change_text(double change, metrics::Unit unit) {
  return (change < 0 ? "−" : "+") + gate::amount_words(change, unit);
}

std::string check_text(const store::LedgerCheck& check) {
  const metrics::Unit unit = metrics::parse_metric(check.metric).measure->unit;
  return fmt::format("{} {} → {}, {} … {}", check.metric, gate::level_words(check.before, unit),
                     gate::level_words(check.after, unit), change_text(check.low, unit), change_text(check.high, unit));
}

std::string result_text(const retrain::RoundResult& result) {
  const store::LedgerEntry& entry = result.entry;
  std::vector<std::pair<std::string, std::string>> lines;
  lines.emplace_back(store::outcome_name(entry.outcome), entry.reason);
  if (result.repeated) lines.emplace_back("event", fmt::format("{} had its round at {}", entry.event, entry.at));
  std::string corpus = text::counted(entry.documents, "document");
  if (entry.feedback > 0) corpus += fmt::format(" · {} of feedback", text::counted(entry.feedback, "row"));
  if (entry.left_out > 0) {
    corpus += fmt::format(" · {} left out, since {} in the test set", text::counted(entry.left_out, "row"),
                          entry.left_out == 1 ? "its text is" : "their texts are");
  }
  lines.emplace_back("corpus", std::move(corpus));
  lines.emplace_back("candidate", fmt::format("{} · training accuracy {} · loss {:.3f} · test accuracy {}",
                                              entry.candidate, command::percent(entry.training_accuracy),
                                              entry.training_loss, command::percent(entry.test_accuracy)));
  for (const store::LedgerCheck& check : entry.checks) lines.emplace_back("gate", check_text(check));
  if (entry.test_use > 0) {
    lines.emplace_back("test set", fmt::format("{} · its use {}, decided at alpha {:.2g}",
                                               text::counted(entry.test_rows, "row"), entry.test_use, entry.alpha));
  }
  lines.emplace_back("current", fmt::format("{} → {} · {:.2f} s", entry.from.empty() ? "none" : entry.from,
                                            entry.to.empty() ? "none" : entry.to, entry.seconds));
  std::string text;
  for (const auto& [name, value] : lines) text += fmt::format("{:<12}  {}\n", name, value);
  return text;
}

int run(const command::Command& command, Arguments& arguments) {
  command::keep_heap();
  retrain::RoundOptions& round = arguments.round;
  if (arguments.require == "improved") round.require = retrain::Requirement::improved;
  if (round.gate.max_drop.empty()) round.gate.max_drop = {retrain::kUsualMargin};
  const gate::GateRules rules = gate::parse_rules(round.gate);
  train::validate(round.training);
  corpus::CorpusOptions reading = arguments.reading.options();
  command::refuse_standard_input_twice({arguments.corpora, arguments.tests});
  const corpus::Corpus corpus = corpus::Corpus::open(arguments.corpora, reading);
  reading.columns = rules.columns();
  const corpus::Corpus test = corpus::Corpus::open(arguments.tests, reading);
  const store::ModelStore models = store::ModelStore::open_or_create(arguments.store);
  std::vector<const corpus::RowSource*> sources = {&corpus};
  std::optional<corpus::Corpus> feedback;
  if (!arguments.no_feedback) {
    store::FeedbackRows rows = store::Feedback(models).read();
    if (!rows.notice.empty()) command.note(rows.notice);
    round.feedback = rows.count;
    if (rows.count > 0) sources.push_back(&feedback.emplace(retrain::feedback_corpus(std::move(rows))));
  }
  const corpus::JoinedRows joined(std::move(sources));
  command::note_inputs(command, corpus);
  command::note_inputs(command, test);
  command::ProgressBar bar(command);
  round.progress = [&](const char* what, double share) { bar.show(what, share); };
  const retrain::RoundResult result = retrain::run_round(models, joined, test, round);
  bar.clear();
  command::note_remarks(command, corpus);
  command::note_remarks(command, test);
  for (const std::string& warning : result.warnings) command.note(warning);
  if (command.json()) {
    command::print(result_json(result));
  } else {
    command::print_text(result_text(result));
  }
  return status_of(result.entry.outcome);
}

}  // namespace

int main(int argc, char** argv) {
  command::Command command("textlambda-retrain",
                           "Trains a model and puts it in the place of the current one if a test set allows it.",
                           kExamples);
  Arguments arguments;
  command::Options& options = command.options();
  gate::GateSettings& gate = arguments.round.gate;
  options.add_option("--store", arguments.store, "Folder of models, or s3://BUCKET/PREFIX; made where there is none")
      .required()
      .option_text("STORE");
  options.add_option("--corpus", arguments.corpora, "Labelled corpora to train on, as for textlambda-train")
      .required()
      .option_text("CORPUS ...");
  options.add_option("-t,--test", arguments.tests, "The fixed test set; its rows are kept out of the training")
      .required()
      .option_text("CORPUS ...");
  options.add_flag("--no-feedback", arguments.no_feedback, "Leave out the labelled texts that the store was told");
  options.add_option("--event", arguments.round.event, "What asks for it: the same one again does nothing twice")
      .option_text("ID");
  options.add_option("--max-drop", gate.max_drop, "METRIC=AMOUNT that may be lost; repeatable [accuracy=0.5pp]")
      .one_value_each();
  options.add_option("--min", gate.min, "METRIC=LEVEL that must be reached, by a first model too; repeatable")
      .one_value_each();
  options.add_option("--require", arguments.require, "What must be shown: not-worse or improved [not-worse]")
      .one_of({"not-worse", "improved"});
  options.add_option("--alpha", gate.alpha, "Chance of a wrong promotion, over all rounds of the test set [0.05]");
  options.add_option("--seed", arguments.round.training.seed, "Seed of the training [1]");
  command.add_threads_option(arguments.round.executor);
  command.add_json_flag("Print one JSON object");
  arguments.reading.add_to(options, true);
  command.show_in_help({"store", "corpus", "test", "event", "max-drop", "min", "require", "json", "text", "label"});
  return command.run(argc, argv, [&] { return run(command, arguments); });
}
