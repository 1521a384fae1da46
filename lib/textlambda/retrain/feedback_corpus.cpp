#include "textlambda/retrain/feedback_corpus.h"

#include <utility>

namespace textlambda::retrain {

corpus::Corpus feedback_corpus(store::FeedbackRows rows) {
  corpus::CorpusOptions options;
  options.format = "jsonl";
  options.text = "text";
  options.label = "label";
  return corpus::Corpus::over(std::move(rows.lines), rows.path, options);
}

}  // namespace textlambda::retrain
