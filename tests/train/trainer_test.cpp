#include "textlambda/train/trainer.h"

#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "textlambda/corpus/corpus.h"
#include "textlambda/io/error.h"
#include "textlambda/model/classifier.h"

#include "tests/catch.h"

using namespace textlambda;

namespace {

// Documents of `labels` labels: words of the label's own among common ones, one in ten under a wrong label.
std::string make_rows(int documents, int labels, int words) {
  std::mt19937 random(7);
  std::string rows;
  for (int i = 0; i < documents; ++i) {
    const int label = i % labels;
    std::string text;
    for (int w = 0; w < words; ++w) {
      const bool own = random() % 4 == 0;
      text += own ? "own" + std::to_string(label) + "x" + std::to_string(random() % 20) + " "
                  : "word" + std::to_string(random() % 200) + " ";
    }
    const int shown = random() % 10 == 0 ? static_cast<int>(random()) & 1 : label;
    rows += R"({"text":")" + text + R"(","label":"L)" + std::to_string(shown) + "\"}\n";
  }
  return rows;
}

train::TrainingResult train_on(const std::string& rows, const train::TrainOptions& options, unsigned threads = 1) {
  return train::train(corpus::Corpus::over(rows, "rows.jsonl", {}), options, io::Executor(threads), {});
}

struct alignas(64) Line {
  char bytes[64];
};

}  // namespace

TEST_CASE("the same bytes for any number of threads and again") {
  for (const int labels : {2, 5}) {
    const std::string rows = make_rows(1500, labels, 12);
    for (const bool characters : {true, false}) {
      train::TrainOptions options;
      if (!characters) options.characters = features::NGramRange{};
      const std::string model = train_on(rows, options).model;
      for (const unsigned threads : {1U, 2U, 3U, 8U}) {
        CAPTURE(labels, characters, threads);
        CHECK(train_on(rows, options, threads).model == model);
      }
      options.seed = 2;
      CHECK(train_on(rows, options).model != model);
    }
  }
}

TEST_CASE("what the card says of the training is what the written model does") {
  for (const int labels : {2, 4}) {
    const std::string rows = make_rows(600, labels, 12);
    for (const auto precision : {model::Precision::int8, model::Precision::float16, model::Precision::float32}) {
      train::TrainOptions options;
      options.precision = precision;
      const train::TrainingResult result = train_on(rows, options);
      std::vector<Line> memory(result.model.size() / 64 + 1);
      result.model.copy(memory.front().bytes, result.model.size());
      const model::Classifier classifier(model::ModelFile::view({memory.front().bytes, result.model.size()}, "model"));
      std::size_t correct = 0;
      double loss = 0;
      std::size_t n = 0;
      const auto corpus = corpus::Corpus::over(rows, "rows.jsonl", {});
      for (std::size_t chunk = 0; chunk < corpus.partition_count(); ++chunk) {
        corpus.read(chunk, [&](const corpus::Example& example) {
          model::Scratch scratch;
          const auto prediction = classifier.predict(example.text, scratch);
          correct += prediction.label == example.label ? 1U : 0U;
          for (std::size_t k = 0; k < classifier.label_count(); ++k) {
            if (classifier.label(k) == example.label) loss -= std::log(static_cast<double>(scratch.probabilities()[k]));
          }
          ++n;
          return true;
        });
      }
      CAPTURE(labels, model::precision_name(precision));
      CHECK(result.report.training_accuracy ==
            Approx(static_cast<double>(correct) / static_cast<double>(n)).margin(0.0017));
      CHECK(result.report.training_loss == Approx(loss / static_cast<double>(n)).epsilon(1e-3));
      CHECK(classifier.file().training_accuracy() == result.report.training_accuracy);
      CHECK(result.report.documents == 600);
      REQUIRE(result.report.held_out);
      CHECK(result.report.held_out->documents >= 58);
      CHECK(result.report.held_out->documents <= 62);
      CHECK(result.report.held_out->accuracy > 0.6);
    }
  }
}

TEST_CASE("label weights move the decision their way") {
  const std::string rows = make_rows(600, 2, 4);
  const auto predicted_as = [&](double weight) {
    train::TrainOptions options;
    options.label_weights["L1"] = weight;
    options.c = 0.05;
    const train::TrainingResult result = train_on(rows, options);
    std::vector<Line> memory(result.model.size() / 64 + 1);
    result.model.copy(memory.front().bytes, result.model.size());
    const model::Classifier classifier(model::ModelFile::view({memory.front().bytes, result.model.size()}, "model"));
    std::size_t count = 0;
    for (int i = 0; i < 200; ++i) {
      count += classifier.predict("word" + std::to_string(i) + " word" + std::to_string(i / 2)).label == "L1" ? 1U : 0U;
    }
    return count;
  };
  CHECK(predicted_as(20) > predicted_as(1));
  CHECK(predicted_as(1) > predicted_as(0.05));
}

TEST_CASE("a weight for a label that is not there, and holding out nothing") {
  const std::string rows = make_rows(100, 2, 6);
  train::TrainOptions options;
  options.label_weights["spam"] = 2;
  CHECK_THROWS_WITH(train_on(rows, options), Catch::Contains("\"spam\""));
  options.label_weights.clear();
  options.holdout = 0;
  const train::TrainingReport report = train_on(rows, options).report;
  CHECK_FALSE(report.held_out);
  CHECK(report.temperature == 1);
}

TEST_CASE("negation is marked for up to five labels, however late the corpus shows how many there are") {
  // Sixteen rows a label and chunk's worth of text: of 17 chunks and more, a sample of eight does not meet the last.
  const auto rows = [](std::initializer_list<const char*> labels) {
    std::string text;
    std::string all;
    while (text.size() < 16000) text += "not good no word" + std::to_string(text.size() % 97) + " ";
    const auto add = [&](const char* label, int count) {
      for (int i = 0; i < count; ++i) all += R"({"text":")" + text + R"(","label":")" + label + "\"}\n";
    };
    for (const char* label : labels)
      add(label, label == *(labels.end() - 1) ? 4 : 140 / static_cast<int>(labels.size() - 1));
    return all;
  };
  const struct {
    std::initializer_list<const char*> labels;
    std::optional<int> asked;
    int scope;
  } cases[] = {{{"a", "b"}, {}, 4},
               {{"a", "b"}, 0, 0},
               {{"a", "b"}, 2, 2},
               {{"a", "b", "c", "d", "e"}, {}, 4},
               {{"a", "b", "c", "d", "e", "f"}, {}, 0},
               {{"a", "b", "c", "d", "e", "f"}, 3, 3}};
  for (const auto& test : cases) {
    CAPTURE(test.labels.size(), test.scope);
    train::TrainOptions options;
    options.negation_scope = test.asked;
    const train::TrainingResult result = train_on(rows(test.labels), options);
    CHECK(result.report.negation_scope == test.scope);
    options.negation_scope = test.scope;
    const train::TrainingResult told = train_on(rows(test.labels), options);
    CHECK(result.report.features_found == told.report.features_found);
    CHECK(result.report.training_loss == told.report.training_loss);
  }
  train::TrainOptions options;
  options.words = {};
  CHECK(train_on(make_rows(100, 2, 6), options).report.negation_scope == 0);
}

TEST_CASE("a corpus in which nothing repeats still makes a model") {
  const train::TrainingResult result =
      train_on("{\"text\":\"ab\",\"label\":\"x\"}\n{\"text\":\"cd\",\"label\":\"y\"}\n", {});
  CHECK(result.report.features_kept == 0);
  CHECK(result.model.size() > 0);
}
