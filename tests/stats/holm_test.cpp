#include "textlambda/stats/holm.h"

#include <cmath>
#include <stdexcept>
#include <vector>

#include "tests/catch.h"

using namespace textlambda::stats;

TEST_CASE("Holm's procedure, by hand") {
  CHECK(holm_adjusted(std::vector<double>{}).empty());
  CHECK(holm_adjusted(std::vector<double>{0.04}) == std::vector<double>{0.04});
  // 0.01 * 4, 0.02 * 3, 0.03 * 2, and 0.03 * 1 raised to the one before.
  const std::vector<double> adjusted = holm_adjusted(std::vector<double>{0.03, 0.01, 0.03, 0.02});
  CHECK(adjusted[1] == Approx(0.04));
  CHECK(adjusted[3] == Approx(0.06));
  CHECK(adjusted[0] == Approx(0.06));
  CHECK(adjusted[2] == Approx(0.06));
  CHECK(holm_adjusted(std::vector<double>{0.9, 0.8}) == std::vector<double>{1, 1});
}

TEST_CASE("what is no p value is refused") {
  CHECK_THROWS_AS(holm_adjusted(std::vector<double>{0.1, 1.5}), std::domain_error);
  CHECK_THROWS_AS(holm_adjusted(std::vector<double>{std::nan("")}), std::domain_error);
}
