#include "evaluate/clustering_run.h"

#include <fmt/format.h>

#include "textlambda/corpus/corpus.h"
#include "textlambda/metrics/evaluation.h"
#include "textlambda/model/classifier.h"
#include "textlambda/report/clustering.h"

#include "command/progress_bar.h"

namespace textlambda::command {

int run_clustering(const Command& command, const ClusteringRun& run) {
  const model::Classifier classifier = model::Classifier::load(run.model);
  const corpus::Corpus corpus = corpus::Corpus::open(run.tests, run.reading.options());
  note_inputs(command, corpus);
  ProgressBar bar(command);
  const metrics::Evaluation evaluation =
      metrics::evaluate(classifier, corpus, run.executor, [&](double share) { bar.show("evaluate", share); });
  bar.clear();
  note_remarks(command, corpus);
  note_skipped(command, evaluation.faults.bad_rows);
  if (command.json()) {
    print(report::clustering_json(evaluation));
  } else {
    print_text(report::clustering_text(evaluation));
  }
  return kDone;
}

}  // namespace textlambda::command
