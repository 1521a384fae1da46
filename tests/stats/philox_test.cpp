#include "textlambda/stats/philox.h"

#include <algorithm>
#include <array>
#include <set>

#include "tests/catch.h"

using namespace textlambda::stats;

TEST_CASE("the known answers of the paper's authors") {
  // Random123's kat_vectors, philox4x32 10.
  CHECK(philox({0, 0, 0, 0}, {0, 0}) == PhiloxBlock{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
  CHECK(philox({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, {0xffffffff, 0xffffffff}) ==
        PhiloxBlock{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
  CHECK(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
        PhiloxBlock{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

TEST_CASE("a stream is its blocks, one after another") {
  PhiloxStream stream(0x0123456789abcdef, 0xfedcba9876543210);
  for (std::uint32_t block = 0; block < 300; ++block) {
    for (const std::uint32_t number : philox({block, 0, 0x76543210, 0xfedcba98}, {0x89abcdef, 0x01234567})) {
      REQUIRE(stream() == number);
    }
  }
}

TEST_CASE("streams and keys differ") {
  std::set<std::uint32_t> firsts;
  for (std::uint64_t key = 0; key < 20; ++key) {
    for (std::uint64_t number = 0; number < 20; ++number) firsts.insert(PhiloxStream(key, number)());
  }
  CHECK(firsts.size() == 400);
}

TEST_CASE("indices are below their bound and even") {
  PhiloxStream stream(1, 2);
  for (const std::uint32_t bound : {1U, 2U, 3U, 0x80000001U, 0xffffffffU}) {
    for (int i = 0; i < 1000; ++i) REQUIRE(stream.below(bound) < bound);
  }
  // 70,000 draws of 7: each 10,000 ± 5 standard deviations (93).
  std::array<int, 7> counts{};
  for (int i = 0; i < 70000; ++i) ++counts[stream.below(7)];
  for (const int count : counts) CHECK(std::abs(count - 10000) < 465);
}
