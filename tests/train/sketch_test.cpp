#include "textlambda/train/sketch.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <random>
#include <string>

#include "textlambda/corpus/corpus.h"
#include "textlambda/features/row_hash.h"
#include "textlambda/model/classifier.h"
#include "textlambda/train/trainer.h"

#include "tests/catch.h"

using namespace textlambda;
using namespace textlambda::train;

namespace {

// Rare words are many, as in real text: word i with a probability about 1 / i.
std::string make_text(std::mt19937& random, unsigned label) {
  std::string text;
  const unsigned words = 4 + static_cast<unsigned>(random() % 20);
  for (unsigned w = 0; w < words; ++w) {
    const double uniform = (static_cast<double>(random()) + 0.5) / 4294967296.0;
    const auto word = static_cast<unsigned>(std::exp(uniform * std::log(20000.0)));
    text += (random() % 5 == 0 ? "own" + std::to_string(label) + "x" + std::to_string(word % 40)
                               : "w" + std::to_string(word)) +
            " ";
  }
  return text;
}

std::string make_sketch_rows(std::uint32_t seed, unsigned documents) {
  std::mt19937 random(seed);
  std::string rows;
  for (unsigned i = 0; i < documents; ++i) {
    const unsigned label = i % 3;
    rows += R"({"text":")" + make_text(random, label) + R"(","label":"L)" + std::to_string(label) + "\"}\n";
  }
  return rows;
}

struct alignas(64) CacheLine {
  char bytes[64];
};

class Trained {
 public:
  explicit Trained(const std::string& rows, const TrainOptions& options = {})
      : result_(train::train(corpus::Corpus::over(rows, "rows.jsonl", {}), options, io::Executor(), {})),
        memory_(result_.model.size() / 64 + 1) {
    result_.model.copy(memory_.front().bytes, result_.model.size());
  }
  model::ModelFile file() const {
    return model::ModelFile::view({memory_.front().bytes, result_.model.size()}, "model");
  }
  const TrainingReport& report() const { return result_.report; }

 private:
  TrainingResult result_;
  std::vector<CacheLine> memory_;
};

model::Sketch sketch_of(const model::Classifier& classifier, const std::string& rows) {
  model::Sketch sketch;
  sketch.predicted.assign(classifier.label_count(), 0);
  model::Scratch scratch;
  const auto corpus = corpus::Corpus::over(rows, "rows.jsonl", {});
  for (std::size_t chunk = 0; chunk < corpus.partition_count(); ++chunk) {
    corpus.read(chunk, [&](const corpus::Example& example) {
      classifier.predict(example.text, scratch);
      sketch.add(scratch.traits());
      return true;
    });
  }
  return sketch;
}

// The largest distance of two distributions.
template <typename Counts>
double distance(const Counts& a, double a_documents, const Counts& b, double b_documents) {
  double largest = 0;
  double difference = 0;
  for (std::size_t bin = 0; bin < a.size(); ++bin) {
    difference += a[bin] / a_documents - b[bin] / b_documents;
    largest = std::max(largest, std::abs(difference));
  }
  return largest;
}

}  // namespace

TEST_CASE("an n-gram is known if it would be without the document") {
  LabelledDocuments documents;
  documents.labels = {"a", "b"};
  documents.label_counts = {3, 1};
  documents.document_count = 2;
  DocumentBlock& block = documents.blocks.emplace_back();
  block.terms = {0, 1, 2, 3, 0};
  block.counts = {2, 1, 3, 1, 1};
  block.words_end = {4, 5};
  block.document_end = {4, 5};
  block.labels = {0, 1};
  block.n_grams = {10, 1};
  block.characters = {100, 3};
  Vocabulary vocabulary;
  vocabulary.document_frequencies = {4, 2, 3, 2};
  const std::vector<float> importance{10, 8, 3, 1};
  const std::vector<std::uint32_t> kept{0, 1, 2};  // the least importance kept is 3
  const auto sketch = [&](unsigned min_documents) {
    return make_sketch(documents, {1, 0}, {{10, 0, 100, 1, 0.25}}, vocabulary, importance, kept, min_documents);
  };
  // Of the first document, 0 stays at importance 10 · ¾; 1 is left in one document, at 8 · ½; 2 falls to 3 · ⅔; 3 was
  // not kept.
  CHECK(sketch(2).coverage[25] == 1);  // 2 of 10: 25.6 of 128
  CHECK(sketch(1).coverage[38] == 1);  // 3 of 10
  CHECK(sketch(1).documents == 1);
  CHECK(sketch(1).length[26] == 1);
  CHECK(sketch(1).confidence[42] == 1);
  CHECK(sketch(1).predicted == std::vector<std::uint32_t>{0, 1});
  CHECK(sketch(1).training == std::vector<std::uint32_t>{3, 1});
}

TEST_CASE("a sketch foretells what fresh documents are to the model, which the training documents do not") {
  const std::string rows = make_sketch_rows(1, 6000);
  TrainOptions words;
  words.characters = features::NGramRange{};
  const Trained trained(rows, words);
  const model::Classifier classifier(trained.file());
  const model::Sketch sketch = classifier.file().sketch();
  REQUIRE(sketch.documents == trained.report().held_out->documents);
  CHECK(sketch.training == std::vector<std::uint32_t>{2000, 2000, 2000});
  const model::Sketch fresh = sketch_of(classifier, make_sketch_rows(2, 6000));
  const model::Sketch seen = sketch_of(classifier, rows);
  const auto distances = [&](const model::Sketch& other) {
    return std::array{distance(sketch.coverage, sketch.documents, other.coverage, other.documents),
                      distance(sketch.confidence, sketch.documents, other.confidence, other.documents),
                      distance(sketch.length, sketch.documents, other.length, other.documents),
                      distance(sketch.predicted, sketch.documents, other.predicted, other.documents)};
  };
  // With 600 and 6000 documents of one kind, a distance above 0.08 has a probability below 0.002.
  for (const double d : distances(fresh)) CHECK(d < 0.08);
  CHECK(distances(seen)[0] > 0.12);
  CHECK(distances(seen)[1] > 0.08);
}

TEST_CASE("every training row is in the filter, held-out ones too") {
  const std::string rows = make_sketch_rows(3, 500) + R"({"text":"caf\u00e9 \ud800","label":"L1"})" + "\n";
  const Trained trained(rows);
  const model::ModelFile file = trained.file();
  std::size_t found = 0;
  const auto count = [&](const std::string& other) {
    found = 0;
    const auto corpus = corpus::Corpus::over(other, "rows.jsonl", {});
    for (std::size_t chunk = 0; chunk < corpus.partition_count(); ++chunk) {
      corpus.read(chunk, [&](const corpus::Example& example) {
        found += static_cast<std::size_t>(file.row_filter().contains(features::row_hash(example.text)));
        return true;
      });
    }
    return found;
  };
  CHECK(count(rows) == 501);
  CHECK(file.row_filter().rows() == 501);
  CHECK(count(make_sketch_rows(4, 500)) == 0);

  TrainOptions options;
  options.row_filter = false;
  options.holdout = 0;
  const Trained bare(rows, options);
  CHECK(!bare.file().row_filter().present());
  CHECK(bare.file().sketch().documents == 0);
  CHECK(bare.file().sketch().training.size() == 3);
}
