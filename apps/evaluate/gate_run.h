// textlambda-evaluate from parsed options to exit status: measure, hold against earlier runs, report, keep a baseline.
#pragma once

#include <string>
#include <vector>

#include "textlambda/io/executor.h"

#include "command/command.h"
#include "command/corpus_arguments.h"
#include "evaluate/gate_arguments.h"

namespace textlambda::command {

struct EvaluateArguments {
  std::string model;
  std::vector<std::string> tests;
  CorpusArguments reading;
  io::Executor executor;
  bool allow_unknown_labels = false;
  std::string errors;  // --errors: where the wrong rows go
  GateArguments gate;
};

// A model on a corpus.
int run_evaluate(const Command& command, const EvaluateArguments& arguments);
// Baselines alone: --compare.
int run_compare(const Command& command, const EvaluateArguments& arguments);

}  // namespace textlambda::command
