#include "textlambda/train/trainer.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "textlambda/corpus/corpus.h"
#include "textlambda/io/error.h"
#include "textlambda/model/classifier.h"
#include "textlambda/model/explanation.h"

#include "tests/catch.h"

using namespace textlambda;

namespace {

// Documents of `labels` labels: words of the label's own among common ones, one in ten under a wrong label.
std::string make_rows(int documents, int labels, int words, unsigned seed = 7) {
  std::mt19937 random(seed);
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

std::string json_row(const std::string& text, const std::string& label) {
  return R"({"text":")" + text + R"(","label":")" + label + "\"}\n";
}

// A trained model in memory of its own.
class Model {
 public:
  explicit Model(const train::TrainingResult& result)
      : memory_(result.model.size() / 64 + 1),
        classifier_(model::ModelFile::view({copy_to(memory_, result.model), result.model.size()}, "model")) {}
  const model::Classifier& operator*() const { return classifier_; }
  const model::Classifier* operator->() const { return &classifier_; }

 private:
  static const char* copy_to(std::vector<Line>& memory, const std::string& bytes) {
    bytes.copy(memory.front().bytes, bytes.size());
    return memory.front().bytes;
  }

  std::vector<Line> memory_;
  model::Classifier classifier_;
};

struct Scores {
  double accuracy = 0;
  double log_loss = 0;
};

Scores score(const model::Classifier& classifier, const std::string& rows) {
  Scores scores;
  double n = 0;
  const auto corpus = corpus::Corpus::over(rows, "rows.jsonl", {});
  model::Scratch scratch;
  for (std::size_t chunk = 0; chunk < corpus.partition_count(); ++chunk) {
    corpus.read(chunk, [&](const corpus::Example& example) {
      const auto prediction = classifier.predict(example.text, scratch);
      scores.accuracy += prediction.label == example.label ? 1 : 0;
      for (std::size_t k = 0; k < classifier.label_count(); ++k) {
        if (classifier.label(k) != example.label) continue;
        scores.log_loss -= std::log(static_cast<double>(scratch.probabilities()[k]));
      }
      ++n;
      return true;
    });
  }
  scores.accuracy /= n;
  scores.log_loss /= n;
  return scores;
}

std::string shuffled_lines(const std::string& rows, unsigned seed) {
  std::vector<std::string> lines;
  for (std::size_t begin = 0; begin < rows.size();) {
    const std::size_t end = rows.find('\n', begin) + 1;
    lines.push_back(rows.substr(begin, end - begin));
    begin = end;
  }
  std::shuffle(lines.begin(), lines.end(), std::mt19937(seed));
  std::string result;
  for (const std::string& line : lines) result += line;
  return result;
}

}  // namespace

TEST_CASE("the same bytes for any number of threads and again", "[threads]") {
  for (const int documents : {1500, 150}) {  // one part held out, and several in turn
    for (const int labels : {2, 5}) {
      const std::string rows = make_rows(documents, labels, 12);
      for (const bool characters : {true, false}) {
        train::TrainOptions options;
        if (!characters) options.characters = features::NGramRange{};
        const std::string model = train_on(rows, options).model;
        for (const unsigned threads : {1U, 2U, 3U, 8U}) {
          CAPTURE(documents, labels, characters, threads);
          CHECK(train_on(rows, options, threads).model == model);
        }
        options.seed = 2;
        CHECK(train_on(rows, options).model != model);
      }
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
      const Model model(result);
      const Scores scores = score(*model, rows);
      CAPTURE(labels, model::precision_name(precision));
      CHECK(result.report.training_accuracy == Approx(scores.accuracy).margin(0.0017));
      CHECK(result.report.training_loss == Approx(scores.log_loss).epsilon(1e-3));
      CHECK(model->file().training_accuracy() == result.report.training_accuracy);
      CHECK(result.report.documents == 600);
      REQUIRE(result.report.held_out);
      CHECK(result.report.held_out->documents >= 58);
      CHECK(result.report.held_out->documents <= 62);
      CHECK(result.report.held_out->accuracy > 0.6);
    }
  }
}

TEST_CASE("what a feature adds to the label in the middle of them is written as 0") {
  for (const int labels : {3, 5, 8}) {
    train::TrainOptions options;
    options.precision = model::Precision::float32;
    const Model model(train_on(make_rows(900, labels, 12), options));
    // Of each n-gram: what it adds to each label.
    std::map<std::pair<std::string, bool>, std::vector<float>> added;
    for (std::size_t label = 0; label < model->label_count(); ++label) {
      for (const model::Contribution& own :
           model::explain(*model, "own0x1 word5 own1x2 word7 word11 own2x3", label).contributions) {
        added[{own.n_gram, own.characters}].push_back(own.logit);
      }
    }
    CHECK(added.size() > 20);
    for (auto& [n_gram, logits] : added) {
      CAPTURE(labels, n_gram.first);
      REQUIRE(logits.size() == model->label_count());
      std::sort(logits.begin(), logits.end());
      CHECK(logits[logits.size() / 2] == 0);
      CHECK(logits.back() > 0);
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
  train::TrainOptions options;
  options.min_documents = 2;
  const train::TrainingResult result =
      train_on("{\"text\":\"ab\",\"label\":\"x\"}\n{\"text\":\"cd\",\"label\":\"y\"}\n", options);
  CHECK(result.report.features_kept == 0);
  CHECK(result.model.size() > 0);
}

TEST_CASE("a text under two labels gets their shares") {
  std::string rows;
  for (int i = 0; i < 300; ++i) {
    rows += json_row("ok thanks", i % 5 < 3 ? "pos" : "neg");
    rows += json_row("not today", "neg");
    if (i % 3 == 0) rows += json_row("very nice thing " + std::to_string(i % 7), "pos");
  }
  for (const unsigned seed : {1U, 2U, 3U}) {
    train::TrainOptions options;
    options.seed = seed;
    const Model model(train_on(rows, options));
    const auto prediction = model->predict("ok thanks");
    CHECK(prediction.label == "pos");
    CHECK(prediction.confidence > 0.54F);
    CHECK(prediction.confidence < 0.66F);
  }
}

TEST_CASE("where texts repeat with wrong labels among theirs, their commonest label wins") {
  for (const int labels : {2, 6}) {
    std::mt19937 random(5);
    std::string rows;
    for (int i = 0; i < 4000; ++i) {
      const int text = i % 80;
      const bool wrong = random() % 4 == 0;
      const int label = wrong ? static_cast<int>(random() % static_cast<unsigned>(labels)) : text % labels;
      rows += json_row("shop" + std::to_string(text * 7919 % 1000) + " street " + std::to_string(text % 9),
                       "L" + std::to_string(label));
    }
    const train::TrainingResult result = train_on(rows, {});
    CHECK(result.report.converged);
    const Model model(result);
    for (int text = 0; text < 80; ++text) {
      CAPTURE(labels, text);
      CHECK(model->predict("shop" + std::to_string(text * 7919 % 1000) + " street " + std::to_string(text % 9)).label ==
            "L" + std::to_string(text % labels));
    }
  }
}

TEST_CASE("what is held out, and what comes of it, does not depend on the order of the rows") {
  for (const int labels : {2, 5}) {
    for (const int documents : {200, 1500}) {
      const std::string rows = make_rows(documents, labels, 8);
      const train::TrainingReport first = train_on(rows, {}).report;
      for (const unsigned seed : {1U, 2U}) {
        CAPTURE(labels, documents, seed);
        const train::TrainingReport other = train_on(shuffled_lines(rows, seed), {}).report;
        REQUIRE(first.held_out);
        REQUIRE(other.held_out);
        CHECK(other.held_out->accuracy == first.held_out->accuracy);
        CHECK(other.held_out->log_loss == Approx(first.held_out->log_loss).epsilon(1e-4));
        CHECK(other.temperature == Approx(first.temperature).epsilon(1e-4));
      }
    }
  }
}

TEST_CASE("copies do not make the held-out part look better than it is") {
  // Nothing to learn but the texts themselves.
  std::mt19937 random(11);
  std::string rows;
  for (int i = 0; i < 150; ++i) {
    std::string text;
    for (int word = 0; word < 6; ++word) text += "w" + std::to_string(random() % 3000) + " ";
    const std::string label = random() % 2 == 0 ? "a" : "b";
    for (int copy = 0; copy < 8; ++copy) rows += json_row(text + (copy % 2 == 0 ? "" : "!"), label);
  }
  const train::TrainingReport report = train_on(rows, {}).report;
  REQUIRE(report.held_out);
  CHECK(report.training_accuracy == 1);
  CHECK(report.held_out->accuracy > 0.3);
  CHECK(report.held_out->accuracy < 0.7);
  CHECK(report.held_out->log_loss < 0.75);
}

TEST_CASE("a small corpus keeps all that its documents have, unless told otherwise") {
  std::string rows;
  std::string single;
  for (int i = 0; i < 40; ++i) {
    const std::string name = "product" + std::to_string(i * 7919 % 1000);
    single += json_row("where can i buy " + name, "l" + std::to_string(i));
    for (int j = 0; j < 120; ++j)
      rows += json_row(name + " word" + std::to_string(i * 120 + j), "l" + std::to_string(i));
  }
  const train::TrainingResult result = train_on(single, {});
  CHECK(result.report.min_documents == 1);
  CHECK(result.report.keep == 1);
  CHECK_FALSE(result.report.held_out);
  const Model model(result);
  for (int i = 0; i < 40; ++i) {
    CHECK(model->predict("my product" + std::to_string(i * 7919 % 1000) + " is broken").label ==
          "l" + std::to_string(i));
  }
  const train::TrainingReport large = train_on(rows, {}).report;
  CHECK(large.min_documents == 2);
  CHECK(large.keep == 0.5);
  train::TrainOptions options;
  options.min_documents = 2;
  options.keep = 0.25;
  const train::TrainingReport told = train_on(single, options).report;
  CHECK(told.min_documents == 2);
  CHECK(told.keep == 0.25);
}

TEST_CASE("wrong labels are seen in the held-out part and fitted less closely") {
  for (const int documents : {3000, 21000}) {  // one shard and two
    CAPTURE(documents);
    std::mt19937 random(3);
    std::string clean;
    std::string noisy;
    for (int i = 0; i < documents; ++i) {
      const int label = i % 2;
      std::string text;
      for (int word = 0; word < 12; ++word) {
        text += random() % 4 == 0 ? "own" + std::to_string(label) + "x" + std::to_string(random() % 20) + " "
                                  : "word" + std::to_string(random() % 2000) + " ";
      }
      clean += json_row(text, label == 0 ? "a" : "b");
      noisy += json_row(text, (label == 0) == (random() % 10 < 7) ? "a" : "b");
    }
    train::TrainOptions options;
    options.characters = documents > 3000 ? std::optional(features::NGramRange{}) : std::nullopt;
    CHECK(train_on(clean, options).report.c == 8);
    const train::TrainingResult chosen = train_on(noisy, options);
    CHECK(chosen.report.c < 4);
    const auto counts = documents == 3000 ? std::vector<unsigned>{2, 3, 8} : std::vector<unsigned>{2};
    for (const unsigned threads : counts) CHECK(train_on(noisy, options, threads).model == chosen.model);
    options.c = 8;
    const train::TrainingResult told = train_on(noisy, options);
    CHECK(told.report.c == 8);
    CHECK(chosen.report.held_out->log_loss < told.report.held_out->log_loss);
  }
}

TEST_CASE("many labels: the same bytes for any number of threads, and models that know their labels") {
  // Eight documents a label, which have two words of the label's own.
  for (const int labels : {255, 256, 400}) {
    std::mt19937 random(3);
    std::string rows;
    const auto text_of = [&](int label) {
      std::string text;
      for (int word = 0; word < 2; ++word) {
        text += "own" + std::to_string(label) + "x" + std::to_string(random() % 4) + " common" +
                std::to_string(random() % 50) + " ";
      }
      return text;
    };
    for (int i = 0; i < 8 * labels; ++i) rows += json_row(text_of(i % labels), "L" + std::to_string(i % labels));
    train::TrainOptions options;
    options.characters = features::NGramRange{};
    const train::TrainingResult result = train_on(rows, options);
    for (const unsigned threads : {2U, 3U, 8U}) CHECK(train_on(rows, options, threads).model == result.model);
    CAPTURE(labels);
    CHECK(result.report.held_out->accuracy > 0.9);
    CHECK(result.report.training_accuracy > 0.85);
    CHECK(result.report.converged);
    const Model model(result);
    int correct = 0;
    for (int label = 0; label < labels; ++label) {
      const std::string text = text_of(label);
      const std::string expected = "L" + std::to_string(label);
      correct += model->predict(text).label == expected ? 1 : 0;
    }
    CHECK(correct > 0.7 * labels);
    // In a precision that has all weights the model says the same.
    options.precision = model::Precision::float32;
    const train::TrainingResult exact = train_on(rows, options);
    const Model whole(exact);
    for (int label = 0; label < labels; label += 7) {
      const std::string text = text_of(label);
      CHECK(whole->predict(text).label == model->predict(text).label);
      CHECK(whole->predict(text).confidence == Approx(model->predict(text).confidence).margin(0.1));
    }
  }
}

TEST_CASE("many rows: the same bytes for any number of threads, and a card that says what fresh rows say",
          "[threads]") {
  for (const int labels : {2, 3}) {
    CAPTURE(labels);
    train::TrainOptions options;
    options.characters = features::NGramRange{};
    const std::string rows = make_rows(21000, labels, 8);
    const train::TrainingResult result = train_on(rows, options, 1);
    CHECK(result.report.epochs >= (labels == 2 ? 4 : 3));
    CHECK(result.report.converged);
    CHECK(train_on(rows, options, static_cast<unsigned>(labels)).model == result.model);

    const Scores fresh = score(*Model(result), make_rows(4000, labels, 8, 11));
    REQUIRE(result.report.held_out);
    CHECK(result.report.held_out->documents > 2000);
    CHECK(result.report.held_out->accuracy == Approx(fresh.accuracy).margin(0.03));
    CHECK(result.report.held_out->log_loss == Approx(fresh.log_loss).epsilon(0.13));
    // Of a fifth of the documents.
    const Scores own = score(*Model(result), rows);
    CHECK(result.report.training_accuracy == Approx(own.accuracy).margin(0.02));
    CHECK(result.report.training_loss == Approx(own.log_loss).epsilon(0.05));
  }
}

TEST_CASE("the card says how near the fit came") {
  const std::string rows = make_rows(600, 5, 12);
  train::TrainOptions options;
  options.c = 50000;
  options.epochs = 1;
  const train::TrainingReport short_of_it = train_on(rows, options).report;
  CHECK(short_of_it.epochs == 1);
  CHECK_FALSE(short_of_it.converged);
  CHECK(train::to_json(short_of_it).find("\"converged\":false") != std::string::npos);
  options.epochs.reset();
  const train::TrainingReport there = train_on(rows, options).report;
  CHECK(there.converged);
  CHECK(there.gap <= 0.1);
  CHECK(there.epochs > 5);
}

TEST_CASE("source code keeps its case and all its features, unless told otherwise") {
  std::mt19937 random(9);
  std::string code;
  std::string prose;
  for (int i = 0; i < 1200; ++i) {
    const std::string name = "v" + std::to_string(random() % 300);
    const std::string type = i % 2 == 0 ? "Value" : "value";
    code += json_row("for (" + type + " x = " + name + "[0]; x <= " + name + "; ++x) { sum += x; }",
                     i % 2 == 0 ? "A" : "B");
    prose +=
        json_row("They say (rightly) that " + type + " and " + name + " are one; we do not.", i % 2 == 0 ? "A" : "B");
  }
  train::TrainOptions options;
  options.min_documents = 2;
  const train::TrainingReport of_code = train_on(code, options).report;
  CHECK_FALSE(of_code.lower_case);
  CHECK(of_code.keep == 1);
  CHECK(of_code.held_out->accuracy == 1);
  const train::TrainingReport of_prose = train_on(prose, options).report;
  CHECK(of_prose.lower_case);
  options.lower_case = true;
  options.keep = 0.5;
  const train::TrainingReport told = train_on(code, options).report;
  CHECK(told.lower_case);
  CHECK(told.keep == 0.5);
  options.lower_case = false;
  CHECK_FALSE(train_on(prose, options).report.lower_case);
}
