// textlambda-evaluate: model + labelled corpus → metrics.
#include <string>
#include <vector>

#include <fmt/format.h>

#include "textlambda/corpus/corpus.h"
#include "textlambda/evaluate/evaluation.h"
#include "textlambda/model/classifier.h"
#include "textlambda/report/display_width.h"
#include "textlambda/report/json.h"
#include "textlambda/report/text.h"

#include "command/command.h"
#include "command/corpus_arguments.h"
#include "command/progress_bar.h"

namespace {

using namespace textlambda;

constexpr const char* kExamples =
    "  textlambda-evaluate --model tickets.tlm --test test.csv\n"
    "  textlambda-evaluate --model tickets.tlm --test test.csv --json | jq .accuracy";

struct Arguments {
  std::string model;
  std::vector<std::string> tests;
  command::CorpusArguments reading;
  unsigned threads = 0;
  bool allow_unknown_labels = false;
};

int run(const command::Command& command, const Arguments& arguments) {
  const model::Classifier classifier = model::Classifier::load(arguments.model);
  const corpus::Corpus corpus = corpus::Corpus::open(arguments.tests, arguments.reading.options());
  command::ProgressBar bar(!command.quiet());
  const evaluate::Evaluation evaluation =
      evaluate::evaluate(classifier, corpus, arguments.threads, [&](double share) { bar.show("evaluate", share); });
  bar.clear();

  for (const evaluate::SkippedRow& row : evaluation.bad_rows) {
    command.note(fmt::format("{}:{}: skipped: {}", row.location.file, row.location.line, row.reason));
  }
  command::print(command.json() ? report::to_json(evaluation) : report::to_text(evaluation));

  constexpr std::size_t kNamed = 10;
  std::string unknown;
  std::size_t unknown_count = 0;
  for (const evaluate::LabelMetrics& label : evaluation.metrics.labels) {
    if (label.known) continue;
    if (unknown_count < kNamed) {
      unknown += fmt::format("{}\"{}\"", unknown.empty() ? "" : ", ", report::printable(label.label, 40));
    }
    ++unknown_count;
  }
  if (unknown_count > kNamed) unknown += fmt::format(" and {} more", unknown_count - kNamed);
  if (unknown.empty() || arguments.allow_unknown_labels) return command::kDone;
  fmt::print(stderr,
             "textlambda-evaluate: {}: labels that the model does not know: {} (--allow-unknown-labels counts them as "
             "wrong and goes on)\n",
             corpus.inputs().front().name, unknown);
  return command::kMismatch;
}

}  // namespace

int main(int argc, char** argv) {
  command::Command command("textlambda-evaluate", "Measures a model on a labelled corpus.", kExamples);
  Arguments arguments;
  CLI::App& app = command.app();
  app.add_option("-m,--model", arguments.model, "The model file")->required()->option_text("MODEL");
  app.add_option("-t,--test", arguments.tests, "Labelled corpora, as for textlambda-train; - for stdin")
      ->required()
      ->option_text("CORPUS ...");
  app.add_flag("--allow-unknown-labels", arguments.allow_unknown_labels,
               "Go on where the corpus has labels that the model does not know");
  command.add_threads_option(arguments.threads);
  command.add_json_flag("Print one JSON object");
  arguments.reading.add_to(app, true);
  return command.run(argc, argv, [&] { return run(command, arguments); });
}
