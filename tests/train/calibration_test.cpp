#include "textlambda/train/calibration.h"

#include <algorithm>
#include <cmath>
#include <random>

#include "tests/catch.h"

using namespace textlambda::train;

namespace {

// Documents a label: guessing is no better than it is without them.
const std::vector<std::uint64_t> kEven(5, 100);

// Labels drawn from the softmax of logits / temperature.
HeldOut draw(std::size_t documents, std::size_t labels, double temperature, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal(0, 2);
  HeldOut held_out;
  held_out.label_count = labels;
  for (std::size_t i = 0; i < documents; ++i) {
    std::vector<double> weights;
    for (std::size_t k = 0; k < labels; ++k) {
      held_out.logits.push_back(normal(random));
      weights.push_back(std::exp(held_out.logits.back() / temperature));
    }
    std::discrete_distribution<std::uint32_t> label(weights.begin(), weights.end());
    held_out.truths.push_back(label(random));
    held_out.documents.push_back(1);
    held_out.weights.push_back(1);
  }
  return held_out;
}

}  // namespace

TEST_CASE("a known temperature is found again") {
  for (const double temperature : {0.5, 1.0, 2.0, 3.0}) {
    CAPTURE(temperature);
    CHECK(fit_temperature(draw(20000, 4, temperature, 1), 100000, kEven) == Approx(temperature).epsilon(0.05));
    CHECK(fit_temperature(draw(20000, 2, temperature, 2), 100000, kEven) == Approx(temperature).epsilon(0.07));
  }
}

TEST_CASE("a handful of documents moves it little, whichever way they come out") {
  CHECK(fit_temperature(HeldOut(), 1000000, kEven) == Approx(1).margin(1e-4));
  for (const bool right : {true, false}) {
    HeldOut held_out;
    held_out.label_count = 2;
    for (int i = 0; i < 3; ++i) {
      held_out.add({0.0F, 4.0F}, right ? 1 : 0);
    }
    const double temperature = fit_temperature(held_out, 100000, {50, 50});
    CHECK(temperature > 0.5);
    CHECK(temperature < 3);
  }
}

TEST_CASE("extreme logits do not break it") {
  HeldOut held_out;
  held_out.label_count = 3;
  for (int i = 0; i < 50; ++i) {
    held_out.add({500.0F, -500.0F, 0.0F}, static_cast<std::uint32_t>(i % 3));
  }
  const double temperature = fit_temperature(held_out, 100000, kEven);
  CHECK(temperature > 1);
  CHECK(std::isfinite(temperature));
}

TEST_CASE("of many labels' logits what is kept says the same") {
  // The same documents: with all logits of 255 labels, and with one label more that is next to impossible.
  std::mt19937 random(5);
  std::normal_distribution<float> normal(0, 2);
  HeldOut full;
  full.label_count = 255;
  HeldOut condensed;
  condensed.label_count = 256;
  for (std::uint32_t i = 0; i < 300; ++i) {
    std::vector<float> logits;
    for (std::size_t k = 0; k < 255; ++k) logits.push_back(normal(random));
    const std::uint32_t truth = i % 3 == 0 ? static_cast<std::uint32_t>(random() % 255) : i % 255;
    logits[truth] += i % 2 == 0 ? 9.0F : 0.0F;
    if (i % 50 == 0) std::fill(logits.begin(), logits.end(), 1.0F);  // all equal
    full.add(logits, truth);
    logits.push_back(-80);
    condensed.add(logits, truth);
  }
  CHECK(condensed.logits.size() == 300 * HeldOut::kMostPoints);
  for (std::size_t i = 0; i < 300; ++i) {
    REQUIRE(condensed.predicted(i) == full.predicted(i));
    for (const double temperature : {0.6, 1.0, 1.7}) {
      // The classes of small logits reach from about 1 down to −80: a width of 1.3.
      REQUIRE(condensed.log_odds(i, temperature) == Approx(full.log_odds(i, temperature)).margin(0.05));
    }
  }
  CHECK(score(condensed, 1).log_loss == Approx(score(full, 1).log_loss).epsilon(1e-5));
  CHECK(score(condensed, 1.5).log_loss == Approx(score(full, 1.5).log_loss).epsilon(0.01));
  CHECK(score(condensed, 1).correct == score(full, 1).correct);
  const std::vector<std::uint64_t> even(256, 100);
  CHECK(fit_temperature(condensed, 1e5, even) == Approx(fit_temperature(full, 1e5, even)).epsilon(0.02));
  HeldOut both = condensed;
  both.append(condensed);
  CHECK(score(both, 1).log_loss == Approx(score(condensed, 1).log_loss));
}

TEST_CASE("scores by hand") {
  HeldOut held_out;
  held_out.label_count = 2;
  const float log3 = std::log(3.0F);
  held_out.add({0, log3}, 1);
  held_out.add({0, log3}, 0);
  const HeldOutScores scores = score(held_out, 1);
  CHECK(scores.documents == 2);
  CHECK(scores.correct == 1);
  CHECK(scores.log_loss == Approx((std::log(4.0 / 3) + std::log(4.0)) / 2));
  CHECK(score(held_out, 1e6).log_loss == Approx(std::log(2.0)).epsilon(1e-5));
}

TEST_CASE("copies of a document count in the scores, not in the temperature") {
  HeldOut once = draw(200, 3, 2, 3);
  HeldOut copied = once;
  for (std::size_t i = 0; i < 50; ++i) {
    copied.documents[i] = 30;
    once.add({once.logits[3 * i], once.logits[3 * i + 1], once.logits[3 * i + 2]}, once.truths[i], 29, 0);
  }
  CHECK(fit_temperature(copied, 1000, kEven) == fit_temperature(once, 1000, kEven));
  const HeldOutScores scores = score(copied, 1.5);
  CHECK(scores.documents == 150 + 50 * 30);
  CHECK(scores.texts == 200);
  CHECK(scores.log_loss == Approx(score(once, 1.5).log_loss));
  CHECK(scores.ece == Approx(score(once, 1.5).ece));
}

TEST_CASE("a fit to few texts is believed less, and one that is worse than guessing much less") {
  double before = 10;
  for (const double texts : {2.0, 10.0, 100.0, 10000.0}) {
    const double temperature = fit_temperature(HeldOut(), texts, kEven);
    CHECK(temperature > 1);
    CHECK(temperature < before);
    before = temperature;
  }
  // Right half of the time: nothing is known, whatever it says.
  HeldOut held_out;
  held_out.label_count = 2;
  for (std::uint32_t i = 0; i < 200; ++i) held_out.add({0.0F, 3.0F}, i % 2);
  const std::vector<std::uint64_t> counts{50, 50};
  const double temperature = fit_temperature(held_out, 100, counts);
  CHECK(score(held_out, temperature).log_loss < std::log(2.0) + 0.02);
}
