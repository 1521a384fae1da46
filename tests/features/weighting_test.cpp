#include "textlambda/features/weighting.h"

#include <cmath>
#include <limits>
#include <vector>

#include "tests/catch.h"

using namespace textlambda::features;

namespace {

struct Weighed {
  bool weighs;
  std::vector<float> values;
};

Weighed weigh(const std::vector<unsigned>& counts, const std::vector<float>& scales) {
  Weighed result{false, std::vector<float>(counts.size(), -1.0F)};
  result.weighs = weigh_group(
      counts.size(), [&](std::size_t i) { return counts[i]; }, [&](std::size_t i) { return scales[i]; },
      result.values.data());
  return result;
}

}  // namespace

TEST_CASE("a value is (1 + ln tf) times the scale, over the group's length") {
  const Weighed weighed = weigh({1, 3, 255}, {2, 0.5F, 0});
  CHECK(weighed.weighs);
  const double third = (1 + std::log(3.0)) * 0.5;
  const double length = std::sqrt(4 + third * third);
  CHECK(weighed.values[0] == Approx(2 / length));
  CHECK(weighed.values[1] == Approx(third / length));
  CHECK(weighed.values[2] == 0);
}

TEST_CASE("a group without weight is all 0") {
  CHECK_FALSE(weigh({}, {}).weighs);
  CHECK_FALSE(weigh({1, 2}, {0, 0}).weighs);
  // Too small for its square to be a number above 0.
  const Weighed tiny = weigh({1}, {std::numeric_limits<float>::denorm_min()});
  CHECK_FALSE(tiny.weighs);
  CHECK(tiny.values[0] == 0);
}
