#include "textlambda/stats/ranking.h"

#include <cmath>
#include <limits>
#include <random>
#include <stdexcept>
#include <vector>

#include "tests/catch.h"

using namespace textlambda::stats;

TEST_CASE("rankings by hand") {
  // Order: + - + -. Three of four pairs are right; precision 1 at the first, 2/3 at the second positive.
  const Ranking ranking(std::vector<float>{0.9F, 0.8F, 0.7F, 0.1F}, std::vector<std::uint8_t>{1, 0, 1, 0});
  CHECK(ranking.quality().auroc == Approx(0.75));
  CHECK(ranking.quality().average_precision == Approx((1 + 2.0 / 3) / 2));
  // All alike: half the pairs, and the share of positives.
  const Ranking ties(std::vector<float>{1, 1, 1, 1}, std::vector<std::uint8_t>{1, 0, 0, 0});
  CHECK(ties.quality().auroc == Approx(0.5));
  CHECK(ties.quality().average_precision == Approx(0.25));
}

TEST_CASE("what is not defined is not a number") {
  CHECK(std::isnan(Ranking({}, {}).quality().auroc));
  const std::vector<float> scores{1, 2};
  const RankingQuality positive = Ranking(scores, std::vector<std::uint8_t>{1, 1}).quality();
  CHECK(std::isnan(positive.auroc));
  CHECK(positive.average_precision == 1);
  const RankingQuality negative = Ranking(scores, std::vector<std::uint8_t>{0, 0}).quality();
  CHECK(std::isnan(negative.auroc));
  CHECK(std::isnan(negative.average_precision));
  CHECK_THROWS_AS(Ranking(scores, std::vector<std::uint8_t>{1}), std::domain_error);
}

TEST_CASE("a score that is not a number ranks last") {
  const float nothing = std::numeric_limits<float>::quiet_NaN();
  const Ranking ranking(std::vector<float>{nothing, -1e30F, nothing}, std::vector<std::uint8_t>{0, 1, 0});
  CHECK(ranking.quality().auroc == 1);
}

TEST_CASE("weighed scores are repeated ones") {
  std::mt19937 random(5);
  for (int run = 0; run < 50; ++run) {
    std::vector<float> scores, repeated_scores;
    std::vector<std::uint8_t> positive, repeated_positive;
    std::vector<std::uint32_t> counts;
    for (int i = 0; i < 40; ++i) {
      scores.push_back(static_cast<float>(random() % 12));
      positive.push_back(random() % 3 == 0 ? 1 : 0);
      counts.push_back(static_cast<std::uint32_t>(random() % 4));
      repeated_scores.insert(repeated_scores.end(), counts.back(), scores.back());
      repeated_positive.insert(repeated_positive.end(), counts.back(), positive.back());
    }
    const RankingQuality weighed = Ranking(scores, positive).quality(counts);
    const RankingQuality repeated = Ranking(repeated_scores, repeated_positive).quality();
    CHECK(weighed.auroc == repeated.auroc);
    CHECK(weighed.average_precision == repeated.average_precision);
  }
}
