// textlambda-evaluate: model + labelled corpus → metrics, and whether they are as good as they have to be.
#include "command/command.h"
#include "evaluate/gate_run.h"

namespace {

using namespace textlambda;

constexpr const char* kExamples =
    "  textlambda-evaluate --model tickets.tlm --test test.csv\n"
    "  textlambda-evaluate --model tickets.tlm --test test.csv --baseline main.json --update-baseline\n"
    "  textlambda-evaluate --model new.tlm --test test.csv --baseline main.json --max-drop accuracy=0.5pp";

}  // namespace

int main(int argc, char** argv) {
  command::Command command("textlambda-evaluate", "Measures a model on a labelled corpus and compares it with others.",
                           kExamples);
  command::EvaluateArguments arguments;
  CLI::App& app = command.app();
  app.add_option("-m,--model", arguments.model, "The model file")->option_text("MODEL");
  app.add_option("-t,--test", arguments.tests, "Labelled corpora, as for textlambda-train; - for stdin")
      ->option_text("CORPUS ...");
  app.add_flag("--allow-unknown-labels", arguments.allow_unknown_labels,
               "Go on where the corpus has labels that the model does not know");
  command.add_threads_option(arguments.threads);
  command.add_json_flag("Print one JSON object");
  arguments.gate.add_to(app);
  arguments.reading.add_to(app, true);
  return command.run(argc, argv, [&] {
    arguments.gate.check(app);
    return arguments.gate.compared.empty() ? command::run_evaluate(command, arguments)
                                           : command::run_compare(command, arguments);
  });
}
