#include "textlambda/retrain/alpha_spending.h"

#include <cmath>
#include <map>
#include <utility>

#include <boost/random/binomial_distribution.hpp>

#include "textlambda/gate/verdict.h"
#include "textlambda/metrics/change.h"
#include "textlambda/stats/philox.h"

#include "tests/catch.h"

namespace textlambda::retrain {
namespace {

TEST_CASE("what is spent over all uses is alpha, whatever their number") {
  double spent = 0;
  std::uint64_t use = 1;
  for (; use <= 1'000'000; ++use) {
    spent += spent_alpha(0.05, use);
  }
  // What is left beyond n is about ∫ x^−1.6 dx = n^−0.6 / 0.6.
  const double left = 0.05 / 2.28577 * std::pow(1e6, -0.6) / 0.6;
  CHECK(spent < 0.05);
  CHECK(spent + left == Approx(0.05).epsilon(1e-4));
  CHECK(spent_alpha(0.05, 1) == Approx(0.0218745).epsilon(1e-5));
  CHECK(spent_alpha(0.05, kWornOut) == Approx(4.184e-5).epsilon(1e-3));
}

// A candidate that truly loses exactly the margin may not be promoted: the share of loops that promote one in any of
// their rounds.
double wrong_loops(std::uint64_t loops, std::uint64_t rounds, std::uint64_t rows, double discordant, double margin) {
  const double wrong = (discordant + margin) / 2;
  const double right = (discordant - margin) / 2;
  std::map<std::pair<std::uint64_t, std::pair<std::uint64_t, std::uint64_t>>, bool> known;
  std::uint64_t fooled = 0;
  for (std::uint64_t loop = 0; loop < loops; ++loop) {
    stats::PhiloxStream random(11, loop);
    for (std::uint64_t use = 1; use <= rounds; ++use) {
      using Binomial = boost::random::binomial_distribution<int, double>;
      stats::PairedCounts counts{rows, 0, 0};
      counts.newly_wrong = static_cast<std::uint64_t>(Binomial(static_cast<int>(rows), wrong)(random));
      counts.newly_right = static_cast<std::uint64_t>(
          Binomial(static_cast<int>(rows - counts.newly_wrong), right / (1 - wrong))(random));
      const auto [at, is_new] = known.try_emplace({use, {counts.newly_wrong, counts.newly_right}}, false);
      if (is_new) {
        const double alpha = spent_alpha(0.05, use);
        const gate::Verdict verdict = gate::judge_change(metrics::share_change(counts, margin, alpha), margin, alpha);
        at->second = verdict == gate::Verdict::pass || verdict == gate::Verdict::improved;
      }
      if (at->second) {
        ++fooled;
        break;
      }
    }
  }
  return static_cast<double>(fooled) / static_cast<double>(loops);
}

TEST_CASE("a candidate that is as much worse as allowed is promoted in at most 5 % of loops, of fifty rounds too") {
  struct Case {
    std::uint64_t rounds, rows;
    double discordant, margin;
  };
  for (const Case& test :
       {Case{1, 1000, 0.05, 0.005}, Case{50, 1000, 0.05, 0.005}, Case{50, 3000, 0.1, 0.01}, Case{50, 300, 0.2, 0.02}}) {
    CAPTURE(test.rounds, test.rows, test.discordant, test.margin);
    CHECK(wrong_loops(2000, test.rounds, test.rows, test.discordant, test.margin) <= 0.05);
  }
}

}  // namespace
}  // namespace textlambda::retrain
