#include "textlambda/train/calibration.h"

#include <cmath>
#include <random>

#include "tests/catch.h"

using namespace textlambda::train;

namespace {

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
  }
  return held_out;
}

}  // namespace

TEST_CASE("a known temperature is found again") {
  for (const double temperature : {0.5, 1.0, 2.0, 3.0}) {
    CAPTURE(temperature);
    CHECK(fit_temperature(draw(20000, 4, temperature, 1)) == Approx(temperature).epsilon(0.05));
    CHECK(fit_temperature(draw(20000, 2, temperature, 2)) == Approx(temperature).epsilon(0.07));
  }
}

TEST_CASE("a handful of documents moves it little, whichever way they come out") {
  CHECK(fit_temperature(HeldOut()) == 1);
  for (const bool right : {true, false}) {
    HeldOut held_out;
    held_out.label_count = 2;
    for (int i = 0; i < 3; ++i) {
      held_out.logits.insert(held_out.logits.end(), {0.0F, 4.0F});
      held_out.truths.push_back(right ? 1 : 0);
    }
    const double temperature = fit_temperature(held_out);
    CHECK(temperature > 0.5);
    CHECK(temperature < 2.2);
  }
}

TEST_CASE("extreme logits do not break it") {
  HeldOut held_out;
  held_out.label_count = 3;
  for (int i = 0; i < 50; ++i) {
    held_out.logits.insert(held_out.logits.end(), {500.0F, -500.0F, 0.0F});
    held_out.truths.push_back(static_cast<std::uint32_t>(i % 3));
  }
  const double temperature = fit_temperature(held_out);
  CHECK(temperature > 1);
  CHECK(std::isfinite(temperature));
}

TEST_CASE("scores by hand") {
  HeldOut held_out;
  held_out.label_count = 2;
  const float log3 = std::log(3.0F);
  held_out.logits = {0, log3, 0, log3};
  held_out.truths = {1, 0};
  const HeldOutScores scores = score(held_out, 1);
  CHECK(scores.documents == 2);
  CHECK(scores.correct == 1);
  CHECK(scores.log_loss == Approx((std::log(4.0 / 3) + std::log(4.0)) / 2));
  CHECK(score(held_out, 1e6).log_loss == Approx(std::log(2.0)).epsilon(1e-5));
}
