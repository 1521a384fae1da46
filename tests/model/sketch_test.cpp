// Bins worked out by hand from docs/model-format.md.
#include "textlambda/model/sketch.h"

#include <cmath>
#include <limits>

#include "textlambda/model/classifier.h"
#include "textlambda/model/linear/writer.h"

#include "tests/catch.h"
#include "tests/model/model_bytes.h"
#include "tests/model/sample_models.h"

using namespace textlambda::model;

TEST_CASE("coverage in 128 equal bins") {
  struct Case {
    std::uint64_t known;
    std::uint64_t n_grams;
    std::size_t bin;
  };
  const std::vector<Case> cases{
      {0, 5, 0},   {1, 128, 1}, {1, 129, 0}, {1, 2, 64},       {99, 100, 126},          {127, 128, 127},
      {5, 5, 127}, {0, 0, 127}, {1, 3, 42},  {2000, 3000, 85}, {1U << 30, 1U << 31, 64}};
  for (const Case& test : cases) {
    CAPTURE(test.known, test.n_grams);
    CHECK(coverage_bin(test.known, test.n_grams) == test.bin);
  }
  CHECK(coverage_low(0) == 0);
  CHECK(coverage_low(64) == 0.5);
  CHECK(coverage_low(128) == 1);
}

TEST_CASE("confidence in bins of an eighth of its log-odds, from -5") {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  const std::vector<std::pair<double, std::size_t>> cases{
      {-kInfinity, 0}, {-100, 0}, {-5, 0},       {-4.876, 0},   {-4.875, 1}, {0, 40},
      {0.1249, 40},    {2, 56},   {10.875, 127}, {10.874, 126}, {11.5, 127}, {kInfinity, 127}};
  for (const auto& [log_odds, bin] : cases) {
    CAPTURE(log_odds);
    CHECK(confidence_bin(log_odds) == bin);
  }
  CHECK(confidence_low(40) == 0.5);
  CHECK(confidence_low(48) == Approx(0.7310585786));  // 1 / (1 + 1/e)
}

TEST_CASE("length in quarters of a doubling") {
  // 2^¼ = 1.19, 2^½ = 1.41, 2^¾ = 1.68
  const std::vector<std::pair<std::uint64_t, std::size_t>> cases{
      {0, 0},     {1, 0},     {2, 4},      {3, 6},      {4, 8},         {5, 9},          {6, 10},
      {7, 11},    {8, 12},    {11, 13},    {12, 14},    {100, 26},      {1000, 39},      {1024, 40},
      {1217, 40}, {1218, 41}, {65535, 63}, {65536, 63}, {1U << 20, 63}, {UINT64_MAX, 63}};
  for (const auto& [characters, bin] : cases) {
    CAPTURE(characters);
    CHECK(length_bin(characters) == bin);
  }
  CHECK(length_low(0) == 1);
  CHECK(length_low(40) == 1024);
}

TEST_CASE("log-odds of a confidence from logits") {
  const std::vector<float> two{-1.5F, 1.5F};
  CHECK(confidence_log_odds(two) == Approx(3));
  const std::vector<float> even{0.25F, 0.25F, 0.25F, 0.25F};
  CHECK(confidence_log_odds(even) == Approx(std::log(1.0 / 3)));
  const std::vector<float> three{0, 2, 1};  // e² / (1 + e)
  CHECK(confidence_log_odds(three) == Approx(2 - std::log(1 + std::exp(1.0))));
  const std::vector<float> sure{-100, 100};  // whose confidence is 1 in any floating-point type
  CHECK(confidence_log_odds(sure) == Approx(200));
  const std::vector<float> absurd{-1e30F, 1e30F};
  CHECK(confidence_log_odds(absurd) == std::numeric_limits<double>::infinity());
}

TEST_CASE("quantiles and means of a sketch") {
  const std::vector<std::uint32_t> counts{0, 2, 0, 5, 3};
  CHECK(quantile_bin(counts, 0.2) == 1);
  CHECK(quantile_bin(counts, 0.21) == 3);
  CHECK(quantile_bin(counts, 0.7) == 3);
  CHECK(quantile_bin(counts, 1) == 4);
  CHECK(quantile_bin(std::vector<std::uint32_t>{0, 0}, 0.5) == 1);
  Sketch sketch;
  CHECK(mean_coverage(sketch) == 0);
  sketch.predicted = {0, 0};
  sketch.add({128, 10, 3, 1, 0.0});
  sketch.add({128, 20, 3, 1, 0.0});
  CHECK(mean_coverage(sketch) == Approx((10.5 + 20.5) / 2 / 128));
  CHECK(sketch.documents == 2);
  CHECK(sketch.predicted == std::vector<std::uint32_t>{0, 2});
  CHECK(sketch.length[6] == 2);
  CHECK(sketch.confidence[40] == 2);
}

TEST_CASE("a sketch and the training rows come back from a model as they went in") {
  const linear::LinearContent content = three_label_mixed(Precision::int8);
  const AlignedBytes bytes(linear::serialise(content));
  const ModelFile file = ModelFile::view(bytes.view(), "model");
  const Sketch sketch = file.sketch();
  CHECK(sketch.documents == 20);
  CHECK(sketch.coverage == content.sketch->coverage);
  CHECK(sketch.confidence == content.sketch->confidence);
  CHECK(sketch.length == content.sketch->length);
  CHECK(sketch.predicted == content.sketch->predicted);
  CHECK(sketch.training == std::vector<std::uint32_t>{7, 7, 7});
  CHECK(file.row_filter().rows() == 7);
  for (const std::uint64_t hash : content.row_hashes) CHECK(file.row_filter().contains(hash));

  linear::LinearContent bare = content;
  bare.sketch.reset();
  bare.row_hashes.clear();
  const AlignedBytes without(linear::serialise(bare));
  const ModelFile plain = ModelFile::view(without.view(), "model");
  CHECK(plain.sketch().documents == 0);
  CHECK(!plain.row_filter().present());
}

TEST_CASE("what drift looks at in a text") {
  linear::LinearContent content;
  content.feature_options.words = {1, 2};
  content.feature_options.characters = {};
  content.hash_bits = 16;
  content.labels = {"bad", "good"};
  add_feature(content, textlambda::features::Group::words, "good", 1, {4});
  add_feature(content, textlambda::features::Group::words, "not good", 1, {-9});
  content.bias = {0};
  content.temperature = 2;
  content.card = "{}";
  const AlignedBytes bytes(linear::serialise(content));
  const Classifier classifier(ModelFile::view(bytes.view(), "model"));
  Scratch scratch;
  const auto traits = [&](std::string_view text) {
    classifier.predict(text, scratch);
    return scratch.traits();
  };

  const DocumentTraits film = traits("  Good,  GOOD film ");  // good , good film: four words, three pairs
  CHECK(film.n_grams == 7);
  CHECK(film.known_n_grams == 2);
  CHECK(film.characters == 15);
  CHECK(film.label == 1);
  CHECK(film.log_odds == Approx(4.0 / 2).epsilon(0.01));  // a single term, of length 1
  CHECK(traits("not").known_n_grams == 0);
  CHECK(traits("not good").known_n_grams == 2);
  CHECK(traits("not good").label == 0);
  CHECK(traits("\xE9\x80\x81\xE8\xB4\xA7").characters == 2);
  std::string many;
  for (int i = 0; i < 300; ++i) many += "good ";
  CHECK(traits(many).n_grams == 599);
  CHECK(traits(many).known_n_grams == 255);
  const DocumentTraits empty = traits("");
  CHECK(empty.n_grams == 0);
  CHECK(empty.characters == 0);
  CHECK(empty.log_odds == 0);
}
