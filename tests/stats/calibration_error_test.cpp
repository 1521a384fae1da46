#include "textlambda/stats/calibration_error.h"

#include <algorithm>
#include <random>

#include "tests/catch.h"

using namespace textlambda::stats;

TEST_CASE("by hand") {
  CHECK(expected_calibration_error({}) == 0);
  CHECK(expected_calibration_error({{1.0F, true}, {1.0F, true}}) == 0);
  CHECK(expected_calibration_error({{1.0F, false}}) == 1);
  // Two bins of two: (0.5, 0.75) both wrong and (0.75, 1) both right: (1.25 + 0.25) / 4.
  CHECK(expected_calibration_error({{0.5F, false}, {0.75F, false}, {0.75F, true}, {1.0F, true}}, 2) == Approx(0.375));
  // One bin: |3 - 2| / 4.
  CHECK(expected_calibration_error({{0.5F, false}, {0.75F, false}, {0.75F, true}, {1.0F, true}}, 1) == Approx(0.25));
}

TEST_CASE("bins of equal width by hand") {
  CHECK(equal_width_calibration_error({}) == 0);
  CHECK(equal_width_calibration_error({{1.0F, false}}) == 1);
  // (0, ½]: ½ of which none is right; (½, 1]: 0.75 + 0.75 + 1 of which two are.
  const std::vector<ConfidenceOutcome> outcomes{{0.5F, false}, {0.75F, false}, {0.75F, true}, {1.0F, true}};
  CHECK(equal_width_calibration_error(outcomes, 2) == Approx((0.5 + 0.5) / 4));
  CHECK(equal_width_calibration_error(outcomes, 1) == Approx(0.25));
  // Four bins: (¼, ½], (½, ¾] with 1.5 and one right, (¾, 1].
  CHECK(equal_width_calibration_error(outcomes, 4) == Approx((0.5 + 0.5 + 0) / 4));
  CHECK(equal_width_calibration_error({{0.0F, true}}, 4) == 1);
}

TEST_CASE("the order of the input does not matter, ties or not") {
  std::mt19937 random(3);
  std::vector<ConfidenceOutcome> outcomes;
  for (int i = 0; i < 500; ++i) outcomes.push_back({static_cast<float>(random() % 20) / 20, random() % 3 != 0});
  const double expected = expected_calibration_error(outcomes);
  for (int run = 0; run < 10; ++run) {
    std::shuffle(outcomes.begin(), outcomes.end(), random);
    CHECK(expected_calibration_error(outcomes) == expected);
  }
}

TEST_CASE("weighed predictions are repeated ones") {
  std::mt19937 random(4);
  for (int run = 0; run < 30; ++run) {
    std::vector<ConfidenceOutcome> outcomes, repeated;
    std::vector<std::uint32_t> counts;
    for (int i = 0; i < 100; ++i) {
      outcomes.push_back({static_cast<float>(random() % 30) / 30, random() % 3 != 0});
      counts.push_back(random() % 40 == 0 ? 60U : static_cast<std::uint32_t>(random() % 3));  // some fill several bins
      repeated.insert(repeated.end(), counts.back(), outcomes.back());
    }
    CHECK(CalibrationError(outcomes).value(counts) == Approx(expected_calibration_error(repeated)).epsilon(1e-12));
  }
}
