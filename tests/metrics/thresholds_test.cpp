#include "textlambda/metrics/thresholds.h"

#include <algorithm>
#include <random>
#include <vector>

#include "textlambda/io/error.h"

#include "tests/catch.h"

using namespace textlambda;
using namespace textlambda::metrics;
using Outcomes = std::vector<stats::ConfidenceOutcome>;

namespace {

// n confidences from 1 downwards in steps of 1 / 2n; correct(i) for the i-th surest.
template <typename Correct>
Outcomes ladder(std::size_t n, Correct&& correct) {
  Outcomes outcomes;
  for (std::size_t i = 0; i < n; ++i) {
    outcomes.push_back({1 - static_cast<float>(i) / (2 * static_cast<float>(n)), correct(i)});
  }
  return outcomes;
}

std::size_t accepted_by(const Outcomes& outcomes, float threshold) {
  return static_cast<std::size_t>(
      std::count_if(outcomes.begin(), outcomes.end(), [&](const auto& o) { return o.confidence >= threshold; }));
}

// Confidence uniform on (0, 1), wrong with a probability of slope · (1 − confidence): the risk above a threshold t is
// slope · (1 − t) / 2, which is 5 % at t = 1 − 0.1 / slope.
Outcomes draw(std::mt19937_64& random, std::size_t n, double slope) {
  std::uniform_real_distribution<double> uniform;
  Outcomes outcomes;
  for (std::size_t i = 0; i < n; ++i) {
    const double confidence = uniform(random);
    outcomes.push_back({static_cast<float>(confidence), uniform(random) >= slope * (1 - confidence)});
  }
  return outcomes;
}

}  // namespace

TEST_CASE("the fewest examples that can keep a promise: (1 - risk)^n at most alpha") {
  struct Case {
    double risk;
    double alpha;
    std::uint64_t fewest;
  };
  for (const Case& test : {Case{0.05, 0.05, 59}, Case{0.02, 0.05, 149}, Case{0.01, 0.05, 299}, Case{0.1, 0.01, 44}}) {
    CAPTURE(test.risk, test.alpha);
    const auto right = [](std::size_t) { return true; };
    const ThresholdChoice enough = choose_threshold(ladder(test.fewest, right), {test.risk, test.alpha});
    CHECK(enough.fewest == test.fewest);
    CHECK(enough.attained);
    CHECK(enough.threshold == 0);
    CHECK(enough.accepted == test.fewest);
    CHECK(enough.risk_bound <= test.risk);
    CHECK(!choose_threshold(ladder(test.fewest - 1, right), {test.risk, test.alpha}).attained);
  }
  CHECK(!choose_threshold({}, {}).attained);
}

TEST_CASE("candidates go down from the surest until one is not refuted") {
  // 500 right ones, then every second wrong. Candidates: 177, 187, …, 537, 547 of 1000. With SciPy, beta.isf(0.05, w +
  // 1, n − w): 18 wrong of 537 give 0.0493, 23 of 547 0.0593.
  Outcomes outcomes = ladder(1000, [](std::size_t i) { return i < 500 || i % 2 == 0; });
  std::shuffle(outcomes.begin(), outcomes.end(), std::mt19937(3));
  const ThresholdChoice choice = choose_threshold(outcomes, {0.05, 0.05});
  CHECK(choice.attained);
  CHECK(choice.accepted == 537);
  CHECK(choice.wrong == 18);
  CHECK(choice.risk_bound == Approx(0.0493021135).epsilon(1e-6));
  CHECK(accepted_by(outcomes, choice.threshold) == 537);
  CHECK(choice.examples == 1000);
  CHECK(choice.all_wrong == 250);
}

TEST_CASE("three errors among the surest do not end the search, four do") {
  const auto with_errors = [](std::size_t errors) {
    return choose_threshold(ladder(1700, [=](std::size_t i) { return i >= errors; }), {0.05, 0.05});
  };
  CHECK(with_errors(3).attained);
  CHECK(with_errors(3).threshold == 0);
  CHECK(!with_errors(4).attained);  // though all 1700 together would do: the order is fixed beforehand
  CHECK(with_errors(4).accepted == 177);
  CHECK(with_errors(4).wrong == 4);
  CHECK(with_errors(4).risk_bound > 0.05);
}

TEST_CASE("equal confidences stand or fall together") {
  Outcomes same(400, {0.75F, true});
  CHECK(choose_threshold(same, {}).threshold == 0);
  // 150 sure ones, then 300 equal ones that the 177th is among.
  Outcomes outcomes(150, {0.9F, true});
  outcomes.insert(outcomes.end(), 300, {0.75F, true});
  outcomes.insert(outcomes.end(), 300, {0.5F, false});
  const ThresholdChoice choice = choose_threshold(outcomes, {});
  CHECK(choice.accepted == 450);
  CHECK(choice.threshold > 0.5F);
  CHECK(choice.threshold <= 0.75F);
}

TEST_CASE("the promise is kept: in 2,000 draws at most 5 % of thresholds are too low", "[simulation]") {
  for (const double slope : {0.15, 0.3, 0.9}) {
    for (const std::size_t n : {400U, 2000U}) {
      std::mt19937_64 random(n);
      int broken = 0;
      for (int run = 0; run < 2000; ++run) {
        const ThresholdChoice choice = choose_threshold(draw(random, n, slope), {0.05, 0.05});
        broken += choice.attained && static_cast<double>(choice.threshold) < 1 - 0.1 / slope ? 1 : 0;
      }
      CAPTURE(slope, n);
      CHECK(broken <= 100 + 29);  // and three standard deviations
    }
  }
}

TEST_CASE("and most of what could be accepted is") {
  for (const double slope : {0.15, 0.3}) {
    std::mt19937_64 random(9);
    double accepted = 0;
    for (int run = 0; run < 100; ++run) {
      accepted += static_cast<double>(choose_threshold(draw(random, 8000, slope), {}).accepted) / 8000 / 100;
    }
    CAPTURE(slope);
    CHECK(accepted > 0.8 * 0.1 / slope);
  }
}

TEST_CASE("options that make no sense") {
  for (const ThresholdOptions options :
       {ThresholdOptions{0, 0.05}, ThresholdOptions{1, 0.05}, ThresholdOptions{-1, 0.05}, ThresholdOptions{0.05, 0},
        ThresholdOptions{0.05, 0.5}}) {
    CHECK_THROWS_AS(choose_threshold({}, options), io::Error);
  }
}

TEST_CASE("a risk that no set is large enough for") {
  const std::vector<stats::ConfidenceOutcome> right(500, {0.9F, true});
  const ThresholdChoice choice = choose_threshold(right, {1e-300, 0.05});
  CHECK_FALSE(choice.attained);
  CHECK(choice.accepted == 500);
  CHECK(choice.fewest > 1'000'000'000);
}
