#include "gate_simulation.h"

#include <cmath>
#include <fstream>
#include <sstream>

#include "tests/catch.h"
#include "tests/source_folder.h"

using namespace textlambda::gate;
using namespace textlambda::metrics;

namespace {

constexpr std::size_t kDraws = 2000;
// Three standard errors of a share of 5 % of 2,000 draws: 1.5 points.
const double kMonteCarlo = 3 * std::sqrt(0.05 * 0.95 / kDraws);

const struct {
  std::uint64_t n;
  double discordant;
} kTestSets[] = {{200, 0.02}, {500, 0.04}, {1000, 0.01}, {3080, 0.03}, {5000, 0.04}, {7600, 0.02}, {25000, 0.02}};

}  // namespace

TEST_CASE("a true loss of exactly the margin is called a regression in at most 5 % of the draws") {
  for (const auto& set : kTestSets) {
    for (const double margin : {0.0, 0.005}) {
      CAPTURE(set.n, set.discordant, margin);
      const VerdictShares shares = simulate({set.n, set.discordant, -margin}, margin, kDraws, 77);
      CHECK(shares[Verdict::regressed] <= 0.05 + kMonteCarlo);
      // Seen from the other side: a model that is no better is called improved as rarely (by the score interval alone,
      // which is right to 1 % in the worst of these).
      if (margin == 0) CHECK(shares[Verdict::improved] <= 0.06 + kMonteCarlo);
    }
  }
}

TEST_CASE("without chance: of all possible outcomes at the margin at most 5 % are called a regression") {
  const struct {
    std::uint64_t n;
    double discordant, margin;
  } cases[] = {{60, 0.1, 0},         {500, 0.02, 0},      {1000, 0.04, 0},    {5000, 0.04, 0},
               {100, 0.04, 0.01},    {200, 0.02, 0.01},   {200, 0.02, 0.005}, {500, 0.01, 0.01},
               {1000, 0.005, 0.005}, {1000, 0.01, 0.005}, {100, 0.04, 0.02},  {300, 0.3, 0.05}};
  for (const auto& test : cases) {
    CAPTURE(test.n, test.discordant, test.margin);
    const VerdictShares shares = enumerate({test.n, test.discordant, -test.margin}, test.margin);
    CHECK(shares[Verdict::regressed] <= 0.05);
    CHECK(shares[Verdict::regressed] + shares[Verdict::improved] + shares[Verdict::pass] +
              shares[Verdict::inconclusive] ==
          Approx(1).margin(1e-6));
  }
}

TEST_CASE("a true drop of 0.8 points of 5,000 examples, 4 % discordant, is caught") {
  // 120 newly wrong against 80 newly right expected: 2.83 standard errors of √200, power Φ(2.83 − 1.645) = 0.88 less
  // what the exact test costs.
  CHECK(simulate({5000, 0.04, -0.008}, 0, kDraws, 78)[Verdict::regressed] >= 0.80);
  CHECK(enumerate({5000, 0.04, -0.008}, 0)[Verdict::regressed] >= 0.80);
}

TEST_CASE("the detectable effect is detected as often as it says") {
  // 80 %, less what exactness costs; with a margin the effect counts from the margin.
  for (const double margin : {0.0, 0.005}) {
    CAPTURE(margin);
    const double effect = 2.4865 * std::sqrt(0.04 / 5000);
    const double power = enumerate({5000, 0.04, -margin - effect}, margin)[Verdict::regressed];
    CHECK(power > 0.75);
    CHECK(power < 0.85);
  }
}

TEST_CASE("docs/gate.md shows what the gate says") {
  std::ifstream file(in_source_folder("docs/gate.md"));
  std::ostringstream page;
  page << file.rdbuf();
  // Made by the program simulate_gate.
  CHECK(page.str().find(simulation_table()) != std::string::npos);
}
