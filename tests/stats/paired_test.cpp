#include "textlambda/stats/paired.h"

#include <cmath>
#include <random>
#include <stdexcept>

#include "tests/catch.h"

using namespace textlambda::stats;

TEST_CASE("the exact McNemar test counts tosses of a coin") {
  // Tails of Bin(m, 1/2) by hand.
  const struct {
    std::uint64_t newly_wrong, newly_right;
    double p;
  } cases[] = {
      {0, 0, 1},
      {0, 9, 1},
      {1, 0, 1.0 / 2},
      {4, 0, 1.0 / 16},
      {5, 0, 1.0 / 32},  // the fewest one-way changes that are significant at 5 %
      {1, 1, 3.0 / 4},
      {2, 1, 4.0 / 8},
      {3, 1, 5.0 / 16},
      {9, 1, 11.0 / 1024},
      {1, 9, 1023.0 / 1024},
  };
  for (const auto& test : cases) {
    CAPTURE(test.newly_wrong, test.newly_right);
    CHECK(mcnemar_exact_p({1000, test.newly_wrong, test.newly_right}) == Approx(test.p).epsilon(1e-13));
  }
}

TEST_CASE("Tango's interval, published") {
  // Airway hyper-responsiveness before and after stem cell transplantation (Bentur et al., 2009): 21 children, 7 and 1
  // discordant, 95 % interval -0.517 to -0.026 in M. W. Fagerland, S. Lydersen and P. Laake, "Recommended tests and
  // confidence intervals for paired binomial proportions", Statistics in Medicine 33, 2014.
  const Interval airways = tango_interval({21, 7, 1}, 0.025);
  CHECK(airways.low == Approx(-0.517).margin(0.0005));
  CHECK(airways.high == Approx(-0.026).margin(0.0005));
}

TEST_CASE("Tango's interval where it has a closed form") {
  const double z = 1.6448536269514722;
  for (const double n : {1.0, 2.0, 30.0, 25000.0, 1e9}) {
    CAPTURE(n);
    const auto pairs = static_cast<std::uint64_t>(n);
    // No discordant pair.
    const Interval none = tango_interval({pairs, 0, 0}, 0.05);
    CHECK(none.low == Approx(-z * z / (n + z * z)).epsilon(1e-12));
    CHECK(none.high == Approx(z * z / (n + z * z)).epsilon(1e-12));
    // All discordant in one direction.
    const Interval all = tango_interval({pairs, pairs, 0}, 0.05);
    CHECK(all.low == -1);
    CHECK(all.high == Approx(-(n - z * z) / (n + z * z)).epsilon(1e-12));
  }
}

TEST_CASE("the ends solve the score equation, surround the estimate and mirror each other") {
  std::mt19937 random(11);
  for (int run = 0; run < 2000; ++run) {
    const std::uint64_t n = 1 + random() % (run % 2 == 0 ? 12 : 30000);
    const std::uint64_t newly_wrong = random() % (n + 1);
    const std::uint64_t newly_right = random() % (n - newly_wrong + 1);
    const PairedCounts counts{n, newly_wrong, newly_right};
    CAPTURE(n, newly_wrong, newly_right);
    const Interval interval = tango_interval(counts, 0.05);
    REQUIRE(-1 <= interval.low);
    REQUIRE(interval.low <= paired_difference(counts));
    REQUIRE(paired_difference(counts) <= interval.high);
    REQUIRE(interval.high <= 1);
    // One-sided p at the upper end is alpha, at the lower one 1 - alpha.
    if (interval.high < 1) REQUIRE(tango_p(counts, interval.high) == Approx(0.05).epsilon(1e-6));
    if (interval.low > -1) REQUIRE(tango_p(counts, interval.low) == Approx(0.95).epsilon(1e-6));
    const Interval mirrored = tango_interval({n, newly_right, newly_wrong}, 0.05);
    REQUIRE(mirrored.low == -interval.high);
    REQUIRE(mirrored.high == -interval.low);
    // The test and the interval say the same.
    for (const double delta0 : {-0.2, -0.005, 0.0}) {
      REQUIRE((tango_p(counts, delta0) < 0.05) == (interval.high < delta0));
    }
  }
}

TEST_CASE("p values at the edges") {
  CHECK(tango_p({100, 0, 0}, 0) == 1);  // nothing speaks against "no loss"
  CHECK(tango_p({0, 0, 0}, -0.1) == 1);
  CHECK(tango_p({100, 0, 0}, 1) == 0);
  CHECK(tango_p({100, 0, 0}, -1) == 1);
  // At 0 the score is McNemar's (b - c)/sqrt(b + c): -10/sqrt(20) standard errors.
  CHECK(tango_p({1000, 15, 5}, 0) == Approx(0.5 * std::erfc(10 / std::sqrt(20.0) / std::sqrt(2.0))));
}

TEST_CASE("the exact test with a margin, by hand") {
  // One pair, newly wrong. Of a true change of -0.2 it is newly wrong with probability right + 0.2, at most 0.6. Two
  // such pairs: 0.36.
  CHECK(tango_exact_p({1, 1, 0}, -0.2) == Approx(0.6).epsilon(1e-5));
  CHECK(tango_exact_p({2, 2, 0}, -0.2) == Approx(0.36).epsilon(1e-5));
  // Nothing lower is possible than nothing at all being better.
  CHECK(tango_exact_p({2, 0, 2}, -0.2) == Approx(1));
  CHECK(tango_exact_p({0, 0, 0}, -0.2) == 1);
  // Many discordant pairs are left to the approximation.
  CHECK(tango_exact_p({10000, 300, 200}, -0.005) == tango_p({10000, 300, 200}, -0.005));
  CHECK(tango_exact_p({10000, 110, 70}, -0.005) == Approx(tango_p({10000, 110, 70}, -0.005)).epsilon(0.1));
  CHECK_THROWS_AS(tango_exact_p({5, 1, 1}, 0.1), std::domain_error);
  CHECK_THROWS_AS(tango_exact_p({5, 1, 1}, -1), std::domain_error);
}

TEST_CASE("paired counts that make no sense are refused") {
  CHECK_THROWS_AS(mcnemar_exact_p({1, 1, 1}), std::domain_error);
  CHECK_THROWS_AS(tango_interval({1, 2, 0}, 0.05), std::domain_error);
  CHECK_THROWS_AS(tango_interval({5, ~std::uint64_t{0}, 6}, 0.05), std::domain_error);
  CHECK_THROWS_AS(tango_interval({5, 1, 1}, 0), std::domain_error);
  CHECK_THROWS_AS(tango_interval({5, 1, 1}, 0.6), std::domain_error);
  CHECK_THROWS_AS(tango_p({5, 1, 1}, 1.5), std::domain_error);
  CHECK_THROWS_AS(tango_p({5, 1, 1}, std::nan("")), std::domain_error);
}
