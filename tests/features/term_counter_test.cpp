#include "textlambda/features/term_counter.h"

#include <cmath>
#include <cstdint>
#include <map>
#include <random>

#include "textlambda/features/weighting.h"

#include "tests/catch.h"

using namespace textlambda::features;

TEST_CASE("counts are those of a map, from one document to the next") {
  std::mt19937 random(1);
  TermCounter counter;
  for (int document = 0; document < 300; ++document) {
    std::map<std::uint32_t, std::uint32_t> expected;
    const std::size_t size = random() % 3000;
    const auto range = static_cast<std::uint32_t>(1 + random() % 5000);
    counter.reset(random() % 2 == 0 ? 0 : size);  // too small a hint only makes it grow
    for (std::size_t i = 0; i < size; ++i) {
      const auto term = static_cast<std::uint32_t>(random() % range * 2654435761U);
      ++expected[term];
      counter.add(term);
    }
    REQUIRE(counter.terms().size() == expected.size());
    for (const auto& term : counter.terms()) {
      REQUIRE(term.count == std::min<std::uint32_t>(expected[term.id], kMaxTermFrequency));
    }
  }
}

TEST_CASE("terms come in the order of first occurrence and saturate") {
  TermCounter counter;
  counter.reset(0);
  for (int i = 0; i < 1000; ++i) counter.add(7);
  counter.add(3);
  REQUIRE(counter.terms().size() == 2);
  CHECK(counter.terms()[0].id == 7);
  CHECK(counter.terms()[0].count == 255);
  CHECK(counter.terms()[1].id == 3);
}

TEST_CASE("a term's weight is 1 + ln tf") {
  CHECK(term_weights()[0] == 0);
  CHECK(term_weights()[1] == 1);
  CHECK(term_weights()[2] == Approx(1.6931471805599454));
  CHECK(term_weights()[255] == Approx(6.541263545158426));
}

// Terms that share the first slots of a table under a multiplier that was known: 1 in 512 of all. Counted in a moment
// with one that nobody knows; at a fixed one this would be five thousand million steps.
TEST_CASE("terms chosen to share a stretch of the table are counted like any others") {
  TermCounter counter;
  counter.reset(0);
  constexpr std::uint32_t kInverse = 0x0E8B2F51U;  // 0x9E3779B1 · kInverse = 1 (mod 2^32)
  STATIC_REQUIRE(0x9E3779B1U * kInverse == 1U);
  for (std::uint32_t i = 0; i < 100000; ++i) counter.add(i * kInverse);
  CHECK(counter.terms().size() == 100000);
  CHECK(table_multiplier() % 2 == 1);
  CHECK(table_multiplier() == table_multiplier());
}
