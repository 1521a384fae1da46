#include "textlambda/train/fit/naive_bayes.h"

#include <cmath>
#include <string>
#include <vector>

#include "tests/catch.h"
#include "tests/train/made_documents.h"

using namespace textlambda::train;

namespace {

struct Made {
  Weights weights;
  FitRows rows;

  // Of the rows with one label.
  std::vector<float> handicaps() const {
    std::vector<float> all;
    for (std::size_t row = 0; row < rows.size(); ++row) all.push_back(rows.parts(row)[0].handicap);
    return all;
  }
};

// Each document a row of its own.
Made prior_of(const LabelledDocuments& documents, std::size_t feature_count, const std::vector<std::uint8_t>& held_out,
              double strength, unsigned threads) {
  const textlambda::io::Executor executor(threads);
  const LabelLists lists(documents, {0, feature_count}, held_out, nullptr, executor);
  const TrainingSet set(documents, std::vector<float>(feature_count, 1), executor);
  Made made;
  for (std::uint32_t document = 0; document < set.size(); ++document) {
    const FitRows::LabelPart part{set.label(document), 1, 0};
    made.rows.add(document, held_out[document] != 0, {&part, 1});
  }
  made.weights = make_prior(LabelCounts(lists, executor), set, made.rows, strength, executor);
  return made;
}

}  // namespace

TEST_CASE("the prior of two labels is the difference of their evidence") {
  // Feature 0: twice in label 0, once in label 1; feature 1: once in label 1; feature 2: in a held-out document only.
  const LabelledDocuments documents = make_counted_documents({{0}, {0}, {0, 1}, {2}}, {0, 0, 1, 1}, 2);
  const Made prior = prior_of(documents, 3, {0, 0, 0, 1}, 0.5, 2);
  // Of the three documents that are not held out, 2/3 are of label 0: α·π is 4 and 2.
  REQUIRE(prior.weights.stride == 1);
  CHECK(prior.weights.matrix[0] == Approx(0.5 * (std::log(3.0 / 2) - std::log(6.0 / 4))).margin(1e-7));
  CHECK(prior.weights.matrix[1] == Approx(0.5 * std::log(3.0 / 2)));
  CHECK(prior.weights.matrix[2] == 0);
  CHECK(prior.weights.bias == std::vector<float>{0});
  // Without itself the first document leaves one of two of its label: ln(1 + 1/4) − ln(1 + 2/4); the third none of one
  // for each of its features, of value 1/√2.
  const std::vector<float> handicaps = prior.handicaps();
  REQUIRE(handicaps.size() == 4);
  CHECK(handicaps[0] == Approx(0.5 * (std::log(5.0 / 4) - std::log(6.0 / 4))));
  CHECK(handicaps[1] == handicaps[0]);
  CHECK(handicaps[2] == Approx(-0.5 * std::sqrt(2) * std::log(3.0 / 2)));
  CHECK(handicaps[3] == 0);
}

TEST_CASE("the prior of more labels is 0 where a feature and a label never meet") {
  // Feature 0 in three documents of label 0 and one of label 2, feature 1 in one of label 1.
  const LabelledDocuments documents = make_counted_documents({{0}, {0}, {0}, {1}, {0}}, {0, 0, 0, 1, 2}, 3);
  const Made prior = prior_of(documents, 2, std::vector<std::uint8_t>(5, 0), 0.1, 1);
  const Weights& weights = prior.weights;
  REQUIRE(weights.stride == 4);
  REQUIRE(weights.matrix.size() == 8);
  CHECK(weights.matrix[0] == Approx(0.1 * std::log1p(3 / (6 * 0.6))));
  CHECK(weights.matrix[1] == 0);
  CHECK(weights.matrix[2] == Approx(0.1 * std::log1p(1 / (6 * 0.2))));
  CHECK(weights.matrix[4] == 0);
  CHECK(weights.matrix[5] == Approx(0.1 * std::log1p(1 / (6 * 0.2))));
  CHECK(weights.matrix[6] == 0);
  const std::vector<float> handicaps = prior.handicaps();
  CHECK(handicaps[0] == Approx(0.1 * (std::log1p(2 / 3.6) - std::log1p(3 / 3.6))));
  CHECK(handicaps[3] == Approx(-0.1 * std::log1p(1 / 1.2)));
}

TEST_CASE("a row of several documents is handicapped by all of them, one of several labels not at all") {
  // Feature 0 in three documents of label 0, of which one row has two, and one of label 1.
  const LabelledDocuments documents = make_counted_documents({{0}, {0}, {0}, {0}}, {0, 0, 0, 1}, 2);
  const textlambda::io::Executor executor;
  const LabelLists lists(documents, {0, 1}, {0, 0, 0, 0}, nullptr, executor);
  const TrainingSet set(documents, {1}, executor);
  FitRows rows;
  const FitRows::LabelPart parts[] = {{0, 2, 0}, {1, 1, 0}};
  rows.add(0, false, {parts, 1});
  rows.add(2, false, parts);
  make_prior(LabelCounts(lists, executor), set, rows, 0.5, executor);
  // α·π is 4.5.
  CHECK(rows.parts(0)[0].handicap == Approx(0.5 * (std::log1p(1 / 4.5) - std::log1p(3 / 4.5))));
  CHECK(rows.parts(1)[0].handicap == 0);
  CHECK(rows.parts(1)[1].handicap == 0);
}

TEST_CASE("no strength, no prior; threads change nothing", "[threads]") {
  std::vector<std::vector<std::uint32_t>> features;
  std::vector<std::uint32_t> labels;
  for (std::uint32_t i = 0; i < 10000; ++i) {
    features.push_back({i % 7, 7 + i % 5, 12 + i % 4999});
    labels.push_back(i * i % 5);
  }
  for (const std::uint32_t label_count : {2U, 5U}) {
    for (std::uint32_t& label : labels) label %= label_count;
    const LabelledDocuments documents = make_counted_documents(features, labels, label_count);
    std::vector<std::uint8_t> held_out(features.size(), 0);
    for (std::size_t i = 0; i < held_out.size(); i += 10) held_out[i] = 1;
    const Made none = prior_of(documents, 5011, held_out, 0, 2);
    for (const float weight : none.weights.matrix) REQUIRE(weight == 0);
    for (const float handicap : none.handicaps()) REQUIRE(handicap == 0);
    const Made one = prior_of(documents, 5011, held_out, 0.3, 1);
    for (const unsigned threads : {2U, 3U, 8U}) {
      const Made other = prior_of(documents, 5011, held_out, 0.3, threads);
      CHECK(other.weights.matrix == one.weights.matrix);
      CHECK(other.handicaps() == one.handicaps());
    }
  }
}
