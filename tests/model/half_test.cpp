#include "textlambda/model/half.h"

#include <bit>
#include <cmath>
#include <limits>
#include <vector>

#include "tests/catch.h"

using textlambda::model::from_half;
using textlambda::model::to_half;

TEST_CASE("Every half comes back from its float") {
  // FNV-1a over all 63,490 numbers as floats, taken with Python's struct ('<e' to '<f').
  std::uint64_t sum = 0xCBF29CE484222325U;
  int wrong = 0;
  for (unsigned code = 0; code < 65536; ++code) {
    const auto half = static_cast<std::uint16_t>(code);
    const float value = from_half(half);
    const bool not_a_number = (code & 0x7C00U) == 0x7C00U && (code & 0x3FFU) != 0;
    if (not_a_number) {
      const std::uint16_t back = to_half(value);  // its payload may change
      wrong += static_cast<int>(!std::isnan(value) || (back & 0x7C00U) != 0x7C00U || (back & 0x3FFU) == 0);
      continue;
    }
    wrong += static_cast<int>(to_half(value) != half);
    sum = (sum ^ std::bit_cast<std::uint32_t>(value)) * 0x100000001B3U;
  }
  CHECK(wrong == 0);
  CHECK(sum == 0xA4D3893BFED78FEDU);
}

TEST_CASE("Floats round to the nearest half, ties to even, as in Python's struct") {
  struct Case {
    float value;
    std::uint16_t half;
  };
  const std::vector<Case> cases{
      {0x0p+0F, 0x0000},
      {-0x0p+0F, 0x8000},
      {0x1p+0F, 0x3C00},
      {-0x1p+1F, 0xC000},
      {0x1.99999ap-4F, 0x2E66},
      {0x1.555556p-2F, 0x3555},
      {-0x1.3a92a4p-12F, 0x8CEA},
      {0x1.002p+0F, 0x3C00},  // ties
      {0x1.006p+0F, 0x3C02},
      {0x1.00201p+0F, 0x3C01},
      {0x1.002p+11F, 0x6800},
      {0x1.006p+11F, 0x6802},
      {0x1.005p+11F, 0x6801},
      {0x1.ffcp+15F, 0x7BFF},  // the largest, what rounds to it, what does not
      {0x1.ffdep+15F, 0x7BFF},
      {0x1.ffep+15F, 0x7C00},
      {-0x1.ffep+15F, 0xFC00},
      {0x1.93e594p+99F, 0x7C00},
      {0x1p-14F, 0x0400},  // the smallest normal one and below
      {0x1.ffcp-15F, 0x0400},
      {0x1p-24F, 0x0001},
      {0x1p-25F, 0x0000},
      {0x1.00068ep-25F, 0x0001},
      {0x1.8p-24F, 0x0002},
      {std::numeric_limits<float>::infinity(), 0x7C00},
      {-std::numeric_limits<float>::infinity(), 0xFC00},
      {std::numeric_limits<float>::denorm_min(), 0x0000},
  };
  for (const Case& test : cases) {
    CAPTURE(test.value);
    CHECK(to_half(test.value) == test.half);
  }
}
