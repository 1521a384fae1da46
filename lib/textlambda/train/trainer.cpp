#include "textlambda/train/trainer.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "textlambda/train/corpus_warnings.h"
#include "textlambda/train/finish.h"
#include "textlambda/train/fit/linear.h"
#include "textlambda/train/prepare.h"
#include "textlambda/train/unlabelled.h"

namespace textlambda::train {
namespace {

// A kind of model that can be trained: what is fitted to the prepared documents, and the file that is made of it.
struct TrainedKind {
  std::string_view name;  // as in model::kinds()
  TrainingResult (*fit_and_finish)(const corpus::RowSource& corpus, Prepared prepared, const TrainOptions& options,
                                   const io::Executor& executor, const Progress& progress);
};

TrainingResult train_linear(const corpus::RowSource& corpus, Prepared prepared, const TrainOptions& options,
                            const io::Executor& executor, const Progress& progress) {
  Fits fits = fit_linear(corpus, prepared, options, executor, progress);
  return finish_linear(corpus, prepared, std::move(fits), options, executor);
}

constexpr TrainedKind kKinds[] = {
    {"linear", train_linear},
};

TrainingResult train_with(const corpus::RowSource& corpus, const corpus::RowSource* texts, const TrainOptions& options,
                          const io::Executor& executor, const Progress& progress) {
  validate(options);
  const TrainedKind& kind = kKinds[0];  // there is one
  Prepared prepared = prepare(corpus, nullptr, options, executor, progress);
  std::vector<std::string> warnings = corpus_warnings(corpus, prepared.documents);
  if (texts != nullptr) use_unlabelled(corpus, *texts, prepared, options, executor, progress);
  weigh(prepared, executor);
  TrainingResult result = kind.fit_and_finish(corpus, std::move(prepared), options, executor, progress);
  result.report.warnings = std::move(warnings);
  return result;
}

}  // namespace

TrainingResult train(const corpus::RowSource& corpus, const TrainOptions& options, const io::Executor& executor,
                     const Progress& progress) {
  return train_with(corpus, nullptr, options, executor, progress);
}

TrainingResult train(const corpus::RowSource& corpus, const corpus::RowSource& texts, const TrainOptions& options,
                     const io::Executor& executor, const Progress& progress) {
  return train_with(corpus, &texts, options, executor, progress);
}

}  // namespace textlambda::train
