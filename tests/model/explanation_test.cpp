#include "textlambda/model/explanation.h"

#include <cmath>
#include <map>

#include "textlambda/model/classifier.h"
#include "textlambda/model/linear/writer.h"

#include "tests/catch.h"
#include "tests/model/model_bytes.h"
#include "tests/model/sample_models.h"

using namespace textlambda::model;

TEST_CASE("Contributions and bias add up to the logit, the largest first") {
  for (const SampleModel& sample : sample_models()) {
    const AlignedBytes bytes(linear::serialise(sample.content));
    const Classifier classifier(ModelFile::view(bytes.view(), sample.name));
    Scratch scratch;
    for (const std::string& text : sample_texts()) {
      classifier.predict(text, scratch);
      for (std::size_t label = 0; label < classifier.label_count(); ++label) {
        CAPTURE(sample.name, text, label);
        const Explanation explanation = explain(classifier, text, label);
        CHECK(explanation.label_index == label);
        CHECK(explanation.bias == Approx(std::get<linear::LinearModel>(classifier.file().kind()).bias(label) /
                                         classifier.file().temperature()));
        double sum = explanation.bias;
        bool sorted = true;
        for (std::size_t i = 0; i < explanation.contributions.size(); ++i) {
          const Contribution& contribution = explanation.contributions[i];
          sum += contribution.logit;
          sorted = sorted && !contribution.n_gram.empty() &&
                   (i == 0 || std::abs(explanation.contributions[i - 1].logit) >= std::abs(contribution.logit));
        }
        CHECK(sorted);
        CHECK(std::abs(sum - scratch.logits()[label]) <= 1e-4 * std::max(1.0, std::abs(sum)));
        CHECK(std::abs(explanation.logit - scratch.logits()[label]) <= 1e-4 * std::max(1.0, std::abs(sum)));
      }
    }
  }
}

TEST_CASE("The explanations of two labels mirror") {
  const AlignedBytes bytes(linear::serialise(two_label_words(Precision::int8)));
  const Classifier classifier(ModelFile::view(bytes.view(), "model"));
  for (const std::string& text : sample_texts()) {
    const Explanation bad = explain(classifier, text, 0);
    const Explanation good = explain(classifier, text, 1);
    CHECK(bad.logit == -good.logit);
    CHECK(bad.bias == -good.bias);
    REQUIRE(bad.contributions.size() == good.contributions.size());
    for (std::size_t i = 0; i < bad.contributions.size(); ++i) {
      CHECK(bad.contributions[i].n_gram == good.contributions[i].n_gram);
      CHECK(bad.contributions[i].logit == -good.contributions[i].logit);
    }
  }
}

TEST_CASE("N-grams read as in the normalised text") {
  const AlignedBytes bytes(linear::serialise(three_label_mixed(Precision::float32)));
  const Classifier classifier(ModelFile::view(bytes.view(), "model"));
  std::map<std::string, bool> named;  // → of characters
  for (const Contribution& contribution : explain(classifier, "CHARGED  Twice cafe\xCC\x81 hard", 1).contributions) {
    named[contribution.n_gram] = contribution.characters;
  }
  CHECK(named == std::map<std::string, bool>{{"charged", false},
                                             {"charged twice", false},
                                             {"caf\xC3\xA9", false},
                                             {"␣cha", true},
                                             {"ar", true},
                                             {"f\xC3\xA9", true},
                                             {"rd␣", true}});
}
