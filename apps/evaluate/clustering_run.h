// textlambda-evaluate --clustering: how a model's groups agree with the labels of a corpus, whatever either is called.
#pragma once

#include <string>
#include <vector>

#include "textlambda/io/executor.h"

#include "command/command.h"
#include "command/corpus_arguments.h"

namespace textlambda::command {

struct ClusteringRun {
  std::string model;
  const std::vector<std::string>& tests;
  const CorpusArguments& reading;
  io::Executor executor;
};

int run_clustering(const Command& command, const ClusteringRun& run);

}  // namespace textlambda::command
