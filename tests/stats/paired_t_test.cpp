#include "textlambda/stats/paired_t.h"

#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

#include "tests/catch.h"

using namespace textlambda::stats;

TEST_CASE("the paired t test, by hand") {
  // Mean 2, standard deviation 1, standard error 1/sqrt(3); with two degrees of freedom Student's distribution has a
  // closed form: P(T <= t) = 1/2 + t / (2 sqrt(2 + t^2)), and its 95 % point is 2.919986.
  const std::vector<double> differences{1, 2, 3};
  CHECK(mean_difference(differences).mean == 2);
  CHECK(mean_difference(differences).standard_deviation == Approx(1));
  const Interval interval = paired_t_interval(differences, 0.05);
  CHECK(interval.low == Approx(2 - 2.919985580353726 / std::sqrt(3.0)));
  CHECK(interval.high == Approx(2 + 2.919985580353726 / std::sqrt(3.0)));
  const double t = (2 - 3.5) * std::sqrt(3.0);
  CHECK(paired_t_p(differences, 3.5) == Approx(0.5 + t / (2 * std::sqrt(2 + t * t))));
}

TEST_CASE("too little to tell") {
  const double infinity = std::numeric_limits<double>::infinity();
  for (const auto& differences : {std::vector<double>{}, std::vector<double>{-5}}) {
    CHECK(paired_t_interval(differences, 0.05).low == -infinity);
    CHECK(paired_t_interval(differences, 0.05).high == infinity);
    CHECK(paired_t_p(differences, 0) == 1);
  }
}

TEST_CASE("differences that are all alike leave no doubt") {
  const std::vector<double> worse(10, -0.25);
  CHECK(paired_t_interval(worse, 0.05).low == -0.25);
  CHECK(paired_t_interval(worse, 0.05).high == -0.25);
  CHECK(paired_t_p(worse, 0) == 0);
  CHECK(paired_t_p(worse, -0.25) == 1);
}

TEST_CASE("differences that make no sense are refused") {
  const double infinity = std::numeric_limits<double>::infinity();
  CHECK_THROWS_AS(paired_t_interval(std::vector<double>{1, infinity}, 0.05), std::domain_error);
  CHECK_THROWS_AS(paired_t_p(std::vector<double>{1, std::nan("")}, 0), std::domain_error);
  CHECK_THROWS_AS(paired_t_interval(std::vector<double>{1, 2}, 0), std::domain_error);
}
