// Worked out by hand; more cases against SciPy in reference_statistics.py.
#include "textlambda/stats/two_samples.h"

#include <cmath>
#include <stdexcept>
#include <vector>

#include "tests/catch.h"

using namespace textlambda::stats;
using Counts = std::vector<std::uint32_t>;

TEST_CASE("Kolmogorov and Smirnov's distance is the largest difference of cumulative shares") {
  CHECK(kolmogorov_smirnov(Counts{1, 2, 1}, Counts{2, 4, 2}).distance == 0);
  CHECK(kolmogorov_smirnov(Counts{1, 2, 1}, Counts{2, 4, 2}).p == 1);
  CHECK(kolmogorov_smirnov(Counts{4, 0}, Counts{0, 9}).distance == 1);
  // ¼ − 0, then ¾ − ½, then 0.
  const TwoSampleTest test = kolmogorov_smirnov(Counts{25, 50, 25}, Counts{0, 50, 50});
  CHECK(test.distance == Approx(0.25));
  // 2 Σ (−1)^(k−1) exp(−2 k² · 0.25² · 50): exp(−6.25) − exp(−25), twice.
  CHECK(test.p == Approx(2 * (std::exp(-6.25) - std::exp(-25.0))).epsilon(1e-12));
}

TEST_CASE("both series of Kolmogorov's distribution meet") {
  // The tabled 5 % and 1 % points, 1.3581 and 1.6276, and the median, 0.8276, of √(n m / (n + m)) · distance.
  for (const auto& [alpha, point] :
       std::vector<std::pair<double, double>>{{0.05, 1.3581}, {0.01, 1.6276}, {0.5, 0.8276}}) {
    CHECK(smallest_significant_distance(200, 200, alpha) == Approx(point / 10).epsilon(1e-4));
  }
  double last = 1;
  for (std::uint32_t moved = 1; moved < 400; ++moved) {
    const double p = kolmogorov_smirnov(Counts{500, 500}, Counts{500 - moved, 500 + moved}).p;
    CHECK(p <= last);
    CHECK(p >= 0);
    last = p;
  }
  CHECK(last < 1e-60);
}

TEST_CASE("homogeneity: the share that would have to change, and Pearson's test") {
  CHECK(homogeneity(Counts{10, 20}, Counts{100, 200}).distance == 0);
  CHECK(homogeneity(Counts{10, 20}, Counts{100, 200}).p == Approx(1));
  CHECK(homogeneity(Counts{30, 0}, Counts{0, 30}).distance == Approx(1).epsilon(0.02));
  // 2 × 2: χ² = 100 (40·30 − 10·20)² / (50·50·60·40) = 16.67; its tail with one degree of freedom is erfc(√(χ² / 2)).
  CHECK(homogeneity(Counts{40, 10}, Counts{20, 30}).p == Approx(std::erfc(std::sqrt(100.0 / 6 / 2))).epsilon(1e-9));
  // Large samples: hardly anything is left to chance.
  CHECK(homogeneity(Counts{600000, 400000}, Counts{500000, 500000}).distance == Approx(0.1).epsilon(1e-3));
  // One category, or all of them rare: no test.
  CHECK(homogeneity(Counts{7, 0}, Counts{9, 0}).p == 1);
  CHECK(homogeneity(Counts{2, 1}, Counts{1, 2}).p == 1);
}

TEST_CASE("many rare categories do not cry wolf") {
  Counts a(1000, 0);
  Counts b(1000, 0);
  for (std::size_t i = 0; i < 1000; ++i)
    (i % 2 == 0 ? a : b)[i] = 1;  // nothing in common, and nothing to learn from it
  const TwoSampleTest test = homogeneity(a, b);
  CHECK(test.p > 0.5);
  CHECK(test.distance < 1);
}

TEST_CASE("samples that cannot be compared") {
  CHECK_THROWS_AS(kolmogorov_smirnov(Counts{1}, Counts{1, 2}), std::domain_error);
  CHECK_THROWS_AS(kolmogorov_smirnov(Counts{0, 0}, Counts{1, 2}), std::domain_error);
  CHECK_THROWS_AS(homogeneity(Counts{1, 2}, Counts{0, 0}), std::domain_error);
  CHECK_THROWS_AS(smallest_significant_distance(0, 5, 0.05), std::domain_error);
  CHECK_THROWS_AS(smallest_significant_distance(5, 5, 1), std::domain_error);
}
