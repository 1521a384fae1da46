// Training with texts that have no label, as a whole.
#include <random>
#include <string>
#include <vector>

#include "textlambda/corpus/corpus.h"
#include "textlambda/corpus/memory_source.h"
#include "textlambda/model/classifier.h"
#include "textlambda/train/trainer.h"

#include "tests/catch.h"
#include "tests/temporary_folder.h"

using namespace textlambda;

namespace {

// Texts of two topics: five of a hundred words of their own each, so that a few labelled ones meet few of them, and
// others. `words`: what they are called.
std::vector<corpus::MemoryRow> texts_of(int count, unsigned seed, const std::string& words = "w") {
  std::mt19937 random(seed);
  std::vector<corpus::MemoryRow> rows;
  for (int i = 0; i < count; ++i) {
    const int topic = i % 2;
    std::string text;
    for (int w = 0; w < 5; ++w) text += words + std::to_string(topic) + "x" + std::to_string(random() % 100) + " ";
    for (int w = 0; w < 5; ++w) text += words + "c" + std::to_string(random() % 60) + " ";
    rows.push_back({text, topic == 0 ? "even" : "odd", {}});
  }
  return rows;
}

corpus::MemorySource unlabelled(std::vector<corpus::MemoryRow> rows) {
  for (corpus::MemoryRow& row : rows) row.label.clear();
  corpus::CorpusOptions options;
  options.need_label = false;
  return corpus::MemorySource(std::move(rows), options, "texts");
}

double accuracy(const std::string& model) {
  const TemporaryFolder folder;
  const model::Classifier classifier = model::Classifier::load(folder.write("m.tlm", model));
  model::Scratch scratch;
  int correct = 0;
  const std::vector<corpus::MemoryRow> test = texts_of(600, 99);
  for (const corpus::MemoryRow& row : test) {
    correct += classifier.predict(row.text, scratch).label == row.label ? 1 : 0;
  }
  return correct / static_cast<double>(test.size());
}

train::TrainOptions words_only() {
  train::TrainOptions options;
  options.characters = features::NGramRange{};
  options.words = {1, 1};
  return options;
}

}  // namespace

TEST_CASE("texts of the same kind make a model of few labels better, for any number of threads", "[threads]") {
  const corpus::MemorySource labelled(texts_of(16, 1));
  const corpus::MemorySource texts = unlabelled(texts_of(2000, 2));
  const double before = accuracy(train::train(labelled, words_only(), io::Executor(1), {}).model);
  const train::TrainingResult result = train::train(labelled, texts, words_only(), io::Executor(1), {});
  REQUIRE(result.report.unlabelled);
  CHECK(result.report.unlabelled->texts == 2000);
  CHECK(result.report.unlabelled->adopted);
  CHECK(result.report.unlabelled->distinguishability < 0.65);
  CHECK(accuracy(result.model) > before + 0.1);
  CHECK(result.report.documents == 16);
  for (const unsigned threads : {2U, 3U, 8U}) {
    CHECK(train::train(labelled, texts, words_only(), io::Executor(threads), {}).model == result.model);
  }
}

TEST_CASE("texts of another kind are left out: the weights are those of a training without them") {
  const corpus::MemorySource labelled(texts_of(200, 1));
  const corpus::MemorySource texts = unlabelled(texts_of(2000, 2, "other"));
  const train::TrainingResult result = train::train(labelled, texts, words_only(), io::Executor(2), {});
  const train::TrainingResult alone = train::train(labelled, words_only(), io::Executor(2), {});
  REQUIRE(result.report.unlabelled);
  CHECK_FALSE(result.report.unlabelled->adopted);
  CHECK(result.report.unlabelled->distinguishability > 0.9);
  CHECK(result.report.training_loss == alone.report.training_loss);
  CHECK(result.report.held_out->log_loss == alone.report.held_out->log_loss);
  CHECK_FALSE(alone.report.unlabelled);
}

TEST_CASE("one text without a label, and as many as labels, are no matter") {
  const corpus::MemorySource labelled(texts_of(20, 1));
  for (const int count : {1, 20}) {
    const train::TrainingResult result =
        train::train(labelled, unlabelled(texts_of(count, 3)), words_only(), io::Executor(2), {});
    CHECK(result.report.unlabelled->texts == static_cast<std::uint64_t>(count));
  }
}

TEST_CASE("documents that only further texts tell apart are compared with themselves") {
  // Rare words are features once other texts have them: without those, many documents are one row of the fit.
  std::vector<corpus::MemoryRow> rows;
  std::vector<corpus::MemoryRow> others;
  for (int i = 0; i < 1500; ++i) {
    const std::string text = (i % 2 == 0 ? "a b rare" : "a c rare") + std::to_string(i);
    rows.push_back({text, i % 2 == 0 ? "even" : "odd", {}});
    others.push_back({text + " d", "", {}});
  }
  const train::TrainingResult result =
      train::train(corpus::MemorySource(rows), unlabelled(others), words_only(), io::Executor(2), {});
  REQUIRE(result.report.unlabelled);
  const train::UnlabelledReport& report = *result.report.unlabelled;
  CHECK(report.without.documents == report.with.documents);
  CHECK(report.with.documents > 500);
  CHECK(report.mended + report.without.correct == report.spoiled + report.with.correct);
}
