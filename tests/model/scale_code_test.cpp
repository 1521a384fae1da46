#include "textlambda/model/scale_code.h"

#include <cmath>
#include <random>
#include <vector>

#include "tests/catch.h"

using textlambda::model::ScaleCode;

TEST_CASE("The ladder of scales spans them, the largest exactly") {
  const ScaleCode code = ScaleCode::over({3.0F, 0.003F, 1.0F});
  CHECK(code.largest == 3.0F);
  CHECK(code.step == Approx(std::log(1000.0) / 255));
  CHECK(code.encode(3.0F) == 0);
  CHECK(code.decode(0) == 3.0F);
  CHECK(code.encode(0.003F) == 255);
  CHECK(code.decode(255) == Approx(0.003F).epsilon(1e-4));
}

TEST_CASE("A scale is off by at most half a step") {
  std::mt19937 random(2);
  std::uniform_real_distribution<float> logarithm(-4, 3);
  std::vector<float> scales(2000);
  for (float& scale : scales) scale = std::exp(logarithm(random));
  const ScaleCode code = ScaleCode::over(scales);
  double worst = 0;
  for (const float scale : scales) {
    worst = std::max(worst, std::abs(std::log(static_cast<double>(code.decode(code.encode(scale))) / scale)));
  }
  CHECK(worst <= 0.5 * code.step + 1e-5);
  for (unsigned c = 0; c < 256; ++c) {
    const auto byte = static_cast<std::uint8_t>(c);
    if (code.encode(code.decode(byte)) != byte) FAIL("code " << c << " does not come back");
  }
}

TEST_CASE("Scales that span nothing, or too much") {
  const ScaleCode none = ScaleCode::over({});
  CHECK(none.largest == 0);
  CHECK(none.decode(none.encode(1)) == 0);

  const ScaleCode equal = ScaleCode::over({0.7F, 0.7F});
  CHECK(equal.step == 0);
  CHECK(equal.decode(equal.encode(0.7F)) == 0.7F);

  // A millionth of the largest is as small as it gets.
  const ScaleCode wide = ScaleCode::over({1.0F, 1e-20F});
  CHECK(wide.step == Approx(std::log(1e6) / 255));
  CHECK(wide.encode(1e-20F) == 255);
  CHECK(wide.encode(0.0F) == 255);
  CHECK(wide.encode(-1.0F) == 255);
  CHECK(wide.encode(2.0F) == 0);
}
