#include "textlambda/stats/detectable_effect.h"

#include <cmath>
#include <limits>
#include <stdexcept>

#include "tests/catch.h"

using namespace textlambda::stats;

TEST_CASE("detectable effects of docs/gate.md") {
  // In percentage points, as printed there: one-sided 5 %, 80 % power.
  const struct {
    std::uint64_t n;
    double discordant, points, rounding;
  } cases[] = {{500, 0.04, 2.2, 0.05}, {3080, 0.03, 0.78, 0.005}, {7600, 0.02, 0.40, 0.005}};
  for (const auto& test : cases) {
    CAPTURE(test.n);
    CHECK(100 * detectable_effect(test.discordant, test.n) == Approx(test.points).margin(test.rounding));
  }
  // The factor is 1.6449 + 0.8416.
  CHECK(detectable_effect(1, 1) == Approx(2.4864748605243633).epsilon(1e-12));
}

TEST_CASE("the examples needed are the fewest that do") {
  for (const double effect : {0.001, 0.005, 0.02, 0.5}) {
    for (const double variance : {0.01, 0.04, 0.3}) {
      CAPTURE(effect, variance);
      const std::uint64_t n = examples_needed(variance, effect);
      CHECK(detectable_effect(variance, n) <= effect * (1 + 1e-12));
      if (n > 1) CHECK(detectable_effect(variance, n - 1) > effect);
    }
  }
  // 0.04 * (2.4865 / 0.005)^2 = 9892.
  CHECK(examples_needed(0.04, 0.005) == 9893);
  CHECK(examples_needed(0, 0.01) == 1);
  CHECK(examples_needed(1, 1e-300) == std::numeric_limits<std::uint64_t>::max());
}

TEST_CASE("without examples nothing is detectable; nonsense is refused") {
  CHECK(std::isinf(detectable_effect(0.04, 0)));
  CHECK_THROWS_AS(detectable_effect(-1, 10), std::domain_error);
  CHECK_THROWS_AS(detectable_effect(0.1, 10, 0), std::domain_error);
  CHECK_THROWS_AS(examples_needed(0.1, 0), std::domain_error);
}
