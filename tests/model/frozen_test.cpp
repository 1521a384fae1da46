// Files of every released format version load, and predict what they did when it was released.
#include <fstream>
#include <string>

#include <nlohmann/json.hpp>

#include "textlambda/features/row_hash.h"
#include "textlambda/model/classifier.h"

#include "tests/catch.h"
#include "tests/source_folder.h"

using namespace textlambda::model;

namespace {

std::string from_hexadecimal(const std::string& digits) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(digits.substr(i, 2), nullptr, 16));
  }
  return bytes;
}

// The predictions of a model beside those in a file that reference_predict.py --pin wrote.
struct Counts {
  int predictions = 0;
  int abstained = 0;
  int trained_on = 0;
  friend bool operator==(const Counts&, const Counts&) = default;
};

Counts check_pinned(const Classifier& classifier, const std::string& path) {
  std::ifstream lines(path);
  Scratch scratch;
  Counts counts;
  for (std::string line; std::getline(lines, line); ++counts.predictions) {
    CAPTURE(line);
    const nlohmann::json pinned = nlohmann::json::parse(line);
    const std::string text = from_hexadecimal(pinned["text"].get<std::string>());
    const Prediction prediction = classifier.predict(text, scratch);
    CHECK(prediction.label == pinned["label"].get<std::string>());
    CHECK(prediction.confidence == Approx(pinned["confidence"].get<double>()).margin(1e-5));
    CHECK(prediction.abstained == pinned["abstained"].get<bool>());
    for (std::size_t label = 0; label < classifier.label_count(); ++label) {
      CHECK(scratch.probabilities()[label] == Approx(pinned["probabilities"][label].get<double>()).margin(1e-5));
    }
    const DocumentTraits traits = scratch.traits();
    CHECK(coverage_bin(traits.known_n_grams, traits.n_grams) == pinned["bins"]["coverage"].get<std::size_t>());
    CHECK(length_bin(traits.characters) == pinned["bins"]["length"].get<std::size_t>());
    const std::uint64_t row_hash = textlambda::features::row_hash(text);
    CHECK(row_hash == std::stoull(pinned["row_hash"].get<std::string>(), nullptr, 16));
    CHECK(classifier.file().row_filter().contains(row_hash) == pinned["trained_on"].get<bool>());
    counts.abstained += prediction.abstained ? 1 : 0;
    counts.trained_on += pinned["trained_on"].get<bool>() ? 1 : 0;
  }
  return counts;
}

}  // namespace

TEST_CASE("A model of format version 1 predicts what it always did") {
  const std::string folder = in_source_folder("tests/model/data/v1");
  const Classifier classifier = Classifier::load(folder + "/tickets.tlm");
  const ModelFile& file = classifier.file();
  CHECK(file.label_count() == 3);
  CHECK(file.label(2) == "\xE7\x89\xA9\xE6\xB5\x81");
  CHECK(file.abstain_threshold() == 0.45F);
  CHECK(!file.feature_options().stop_words.empty());
  CHECK(file.feature_options().negation_scope == 0);
  CHECK(file.row_filter().rows() == 18);
  CHECK(file.sketch().documents == 6);
  CHECK(file.sketch().training == std::vector<std::uint32_t>{6, 6, 6});
  CHECK(file.strongest_n_grams().size() > 10);
  CHECK(check_pinned(classifier, folder + "/tickets.json") == Counts{12, 2, 3});
}

TEST_CASE("A model of format version 2 predicts what it always did") {
  const std::string folder = in_source_folder("tests/model/data/v2");
  const Classifier classifier = Classifier::load(folder + "/reviews.tlm");
  const ModelFile& file = classifier.file();
  CHECK(file.feature_options().negation_scope == 4);
  CHECK(!file.feature_options().normaliser.lower_case);
  CHECK(file.strongest_n_grams().front().text == "NOT_\xE5\xA5\xBD");
  CHECK(file.row_filter().rows() == 18);
  CHECK(check_pinned(classifier, folder + "/reviews.json") == Counts{12, 4, 2});
}

TEST_CASE("Models of format version 3 predict what they always did") {
  const std::string folder = in_source_folder("tests/model/data/v3");
  struct Case {
    const char* name;
    std::size_t labels;
    int texts;
  };
  for (const auto& [name, labels, texts] : {Case{"sparse_bitmaps", 39, 6}, Case{"sparse_gaps", 600, 2}}) {
    CAPTURE(name);
    const Classifier classifier = Classifier::load(folder + "/" + name + ".tlm");
    CHECK(classifier.label_count() == labels);
    CHECK(check_pinned(classifier, folder + "/" + name + ".json") == Counts{texts, 0, 0});
  }
}
