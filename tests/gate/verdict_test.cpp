#include "textlambda/gate/verdict.h"

#include <cmath>
#include <limits>
#include <stdexcept>

#include "tests/catch.h"

using namespace textlambda;
using namespace textlambda::gate;
using namespace textlambda::metrics;

TEST_CASE("the verdict follows from the bounds, the p value and the margin") {
  const double infinity = std::numeric_limits<double>::infinity();
  const double nothing = std::numeric_limits<double>::quiet_NaN();
  const struct {
    double low, high, p, margin;
    Verdict verdict;
  } cases[] = {
      {-0.03, -0.01, 0.01, 0.005, Verdict::regressed},
      {-0.03, -0.01, 0.05, 0.005, Verdict::regressed},      // p counts up to alpha
      {-0.03, -0.01, 0.06, 0.005, Verdict::inconclusive},   // the other test does not agree, or Holm's
      {-0.03, -0.005, 0.01, 0.005, Verdict::inconclusive},  // U is not below -m
      {-0.03, -0.001, 0.9, 0.005, Verdict::inconclusive},
      {-0.004, -0.001, 0.9, 0.005, Verdict::pass},  // surely worse, but by less than is allowed
      {-0.004, 0.003, 0.9, 0.005, Verdict::pass},
      {-0.005, 0.003, 0.9, 0.005, Verdict::inconclusive},  // L is not above -m
      {0.001, 0.003, 1, 0.005, Verdict::improved},
      {0, 0.003, 1, 0.005, Verdict::pass},
      {0, 0, 1, 0, Verdict::inconclusive},  // with no margin nothing between better and worse passes
      {0.001, 0.003, 1, 0, Verdict::improved},
      {-0.003, -0.001, 0.04, 0, Verdict::regressed},
      {-infinity, infinity, 1, 0.5, Verdict::inconclusive},
      {nothing, nothing, nothing, 0.005, Verdict::inconclusive},
      {nothing, -1, 0.01, 0.005, Verdict::regressed},
  };
  for (const auto& test : cases) {
    CAPTURE(test.low, test.high, test.p, test.margin);
    CHECK(verdict_name(judge_change({0, {test.low, test.high}, test.p}, test.margin, 0.05)) ==
          verdict_name(test.verdict));
  }
}

TEST_CASE("a share of right answers: the exact test has to agree where no loss is allowed") {
  // 6 newly wrong, 1 newly right: the score test says (1 - 6)/sqrt(7) = -1.89, p = 0.029; the exact one 8/128 = 0.0625.
  const Change strict = share_change({500, 6, 1}, 0, 0.05);
  CHECK(strict.estimate == Approx(-0.01));
  CHECK(strict.bounds.high < 0);
  CHECK(strict.p == Approx(8.0 / 128));
  CHECK(judge_change(strict, 0, 0.05) == Verdict::inconclusive);
  // Five one-way changes are enough, four are not.
  CHECK(judge_change(share_change({500, 5, 0}, 0, 0.05), 0, 0.05) == Verdict::regressed);
  CHECK(judge_change(share_change({500, 4, 0}, 0, 0.05), 0, 0.05) == Verdict::inconclusive);
  // With a margin it is the larger p of the score test and the unconditional one.
  const Change allowed = share_change({500, 20, 0}, 0.005, 0.05);
  CHECK(allowed.p == stats::tango_p({500, 20, 0}, -0.005));
  CHECK(allowed.p > stats::tango_exact_p({500, 20, 0}, -0.005));
  CHECK(judge_change(allowed, 0.005, 0.05) == Verdict::regressed);
  // 5 newly wrong of 200 where 1 % may be lost: Tango's p is 0.042, the exact one 0.073.
  const Change few = share_change({200, 5, 0}, 0.01, 0.05);
  CHECK(few.bounds.high < -0.01);
  CHECK(judge_change(few, 0.01, 0.05) == Verdict::inconclusive);
}

TEST_CASE("no change at all") {
  CHECK(judge_change(share_change({5000, 0, 0}, 0.005, 0.05), 0.005, 0.05) == Verdict::pass);
  CHECK(judge_change(share_change({5000, 0, 0}, 0, 0.05), 0, 0.05) == Verdict::inconclusive);
  CHECK(judge_change(share_change({0, 0, 0}, 0.005, 0.05), 0.005, 0.05) == Verdict::inconclusive);
  CHECK_THROWS_AS(share_change({10, 0, 0}, -0.1, 0.05), std::domain_error);
  CHECK_THROWS_AS(share_change({10, 0, 0}, std::nan(""), 0.05), std::domain_error);
}
