#include "textlambda/topics/agreement.h"

#include "textlambda/topics/spherical_k_means.h"

#include "tests/catch.h"

using namespace textlambda::topics;

using Groups = std::vector<std::uint32_t>;

TEST_CASE("agreement is the adjusted Rand index of the texts that both have a group for") {
  struct Case {
    Groups first;
    Groups second;
    double expected;  // sklearn.metrics.adjusted_rand_score
  };
  const Case cases[] = {
      {{0, 0, 1, 1}, {1, 1, 0, 0}, 1},
      {{0, 0, 1, 2}, {0, 0, 1, 1}, 0.5714285714285714},
      {{0, 0, 1, 1}, {0, 1, 0, 1}, -0.5},
      {{0, 0, 1, 1, 2, 2, 2}, {0, 0, 1, 2, 2, 2, 2}, 0.5384615384615384},
      {{0, 0, 0, 0}, {0, 0, 0, 0}, 1},
      {{0, 0, 0, 0}, {0, 1, 2, 3}, 0},
      {{0, kNoGroup, 0, 1, 1, 7}, {1, 5, 1, 0, 0, kNoGroup}, 1},
      {{}, {}, 1},
  };
  for (const Case& test : cases) {
    CAPTURE(test.first, test.second);
    CHECK(agreement_of(test.first, test.second) == Approx(test.expected).epsilon(1e-12));
    CHECK(agreement_of(test.second, test.first) == Approx(test.expected).epsilon(1e-12));
  }
}

TEST_CASE("of several, the mean over their pairs") {
  CHECK(mean_agreement({}) == 1);
  CHECK(mean_agreement({{0, 1}}) == 1);
  const Groups one = {0, 0, 1, 2};
  const Groups other = {0, 0, 1, 1};
  CHECK(mean_agreement({one, other, one}) == Approx((1 + 2 * 0.5714285714285714) / 3));
}
