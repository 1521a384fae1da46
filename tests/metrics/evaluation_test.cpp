#include "textlambda/metrics/evaluation.h"

#include <string>

#include "textlambda/corpus/corpus.h"
#include "textlambda/io/error.h"
#include "textlambda/model/classifier.h"
#include "textlambda/model/model_file.h"
#include "textlambda/train/trainer.h"

#include "tests/catch.h"

using namespace textlambda;

namespace {

std::string training_rows() {
  std::string rows;
  for (int i = 0; i < 30; ++i) {
    rows += "{\"text\":\"red apple number " + std::to_string(i) + "\",\"label\":\"fruit\"}\n";
    rows += "{\"text\":\"fast car number " + std::to_string(i) + "\",\"label\":\"vehicle\"}\n";
  }
  return rows;
}

// A classifier in memory; the bytes have to outlive it.
std::string train_model() {
  const auto corpus = corpus::Corpus::over(training_rows(), "training.jsonl", {});
  return train::train(corpus, {}, io::Executor(), {}).model;
}

struct Aligned {
  explicit Aligned(const std::string& bytes) : memory(bytes.size() / 64 + 1) {
    bytes.copy(memory.front().bytes, bytes.size());
    view = {memory.front().bytes, bytes.size()};
  }
  struct alignas(64) Line {
    char bytes[64];
  };
  std::vector<Line> memory;
  std::string_view view;
};

}  // namespace

TEST_CASE("a corpus is judged row by row, the same with any number of threads", "[threads]") {
  const Aligned model(train_model());
  const model::Classifier classifier(model::ModelFile::view(model.view, "model"));
  const std::string rows =
      "{\"text\":\"an apple\",\"label\":\"fruit\"}\n"
      "{\"text\":\"a red apple\",\"label\":\"vehicle\"}\n"
      "{\"text\":\"my car is fast\",\"label\":\"vehicle\"}\n"
      "{\"text\":\"apple tree\",\"label\":\"plant\"}\n";
  for (const unsigned threads : {1U, 2U, 3U, 8U}) {
    const auto corpus = corpus::Corpus::over(rows, "test.jsonl", {});
    const auto evaluation = metrics::evaluate(classifier, corpus, io::Executor(threads), {});
    CAPTURE(threads);
    CHECK(evaluation.metrics.n == 4);
    CHECK(evaluation.metrics.correct == 2);
    const metrics::ConfusionMatrix& confusion = evaluation.metrics.confusion;
    CHECK(confusion.rows() == 3);
    CHECK(confusion.columns() == 2);
    CHECK(confusion.cells().size() == 4);
    for (const std::size_t truth : {0U, 1U, 2U}) CHECK(confusion.count(truth, 0) == 1);
    CHECK(confusion.count(1, 1) == 1);
    CHECK(evaluation.metrics.labels[2].label == "plant");
  }
}

TEST_CASE("bad rows are named or stop the evaluation", "[threads]") {
  const Aligned model(train_model());
  const model::Classifier classifier(model::ModelFile::view(model.view, "model"));
  const std::string rows =
      "{\"text\":\"an apple\",\"label\":\"fruit\"}\n"
      "{\"text\":\"\",\"label\":\"fruit\"}\n";
  CHECK_THROWS_WITH(metrics::evaluate(classifier, corpus::Corpus::over(rows, "test.jsonl", {}), io::Executor(2), {}),
                    Catch::Contains("test.jsonl:2: empty text"));
  corpus::CorpusOptions skipping;
  skipping.on_bad_row = corpus::OnBadRow::skip;
  const auto evaluation =
      metrics::evaluate(classifier, corpus::Corpus::over(rows, "test.jsonl", skipping), io::Executor(2), {});
  CHECK(evaluation.metrics.n == 1);
  CHECK(evaluation.faults.bad_row_count == 1);
  REQUIRE(evaluation.faults.bad_rows.size() == 1);
  CHECK(evaluation.faults.bad_rows[0].location.line == 2);
}
