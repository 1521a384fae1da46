#include "gate_simulation.h"

#include <cmath>
#include <map>
#include <utility>

#include <boost/random/binomial_distribution.hpp>
#include <fmt/format.h>

#include "textlambda/stats/philox.h"

namespace textlambda::gate {
namespace {

constexpr double kAlpha = 0.05;

Verdict verdict_on(const stats::PairedCounts& counts, double margin) {
  return judge_change(metrics::share_change(counts, margin, kAlpha), margin, kAlpha);
}

std::uint64_t draw_binomial(stats::PhiloxStream& random, std::uint64_t trials, double share) {
  if (trials == 0 || share <= 0) return 0;
  if (share >= 1) return trials;
  return static_cast<std::uint64_t>(
      boost::random::binomial_distribution<int, double>(static_cast<int>(trials), share)(random));
}

double log_multinomial(double n, double a, double b) {
  return std::lgamma(n + 1) - std::lgamma(a + 1) - std::lgamma(b + 1) - std::lgamma(n - a - b + 1);
}

double power_of(double share, double count) { return count == 0 ? 0 : count * std::log(share); }

// "0.0" to "100.0", in percent.
std::string percent(double share) { return fmt::format("{:.1f}", 100 * share); }

}  // namespace

VerdictShares simulate(const Truth& truth, double margin, std::size_t draws, std::uint64_t seed) {
  const double wrong = (truth.discordant - truth.change) / 2;
  const double right = (truth.discordant + truth.change) / 2;
  VerdictShares shares;
  std::map<std::pair<std::uint64_t, std::uint64_t>, Verdict> met;
  for (std::size_t draw = 0; draw < draws; ++draw) {
    stats::PhiloxStream random(seed, draw);
    stats::PairedCounts counts{truth.n, 0, 0};
    counts.newly_wrong = draw_binomial(random, truth.n, wrong);
    counts.newly_right = draw_binomial(random, truth.n - counts.newly_wrong, right / (1 - wrong));
    const auto [verdict, is_new] = met.try_emplace({counts.newly_wrong, counts.newly_right}, Verdict::pass);
    if (is_new) verdict->second = verdict_on(counts, margin);
    shares.shares[static_cast<std::size_t>(verdict->second)] += 1.0 / static_cast<double>(draws);
  }
  return shares;
}

VerdictShares enumerate(const Truth& truth, double margin) {
  const double wrong = (truth.discordant - truth.change) / 2;
  const double right = (truth.discordant + truth.change) / 2;
  const auto n = static_cast<double>(truth.n);
  const auto span = [n](double share) {
    const double reach = 8 * std::sqrt(n * share) + 12;
    return std::pair(static_cast<std::uint64_t>(std::max(0.0, n * share - reach)),
                     static_cast<std::uint64_t>(std::min(n, n * share + reach)));
  };
  VerdictShares shares;
  for (std::uint64_t b = span(wrong).first; b <= span(wrong).second; ++b) {
    for (std::uint64_t c = span(right).first; c <= span(right).second && b + c <= truth.n; ++c) {
      const auto newly_wrong = static_cast<double>(b);
      const auto newly_right = static_cast<double>(c);
      const double probability =
          std::exp(log_multinomial(n, newly_wrong, newly_right) + power_of(wrong, newly_wrong) +
                   power_of(right, newly_right) + power_of(1 - truth.discordant, n - newly_wrong - newly_right));
      if (probability < 1e-10) continue;
      shares.shares[static_cast<std::size_t>(verdict_on({truth.n, b, c}, margin))] += probability;
    }
  }
  return shares;
}

std::string simulation_table() {
  constexpr std::size_t kDraws = 2000;
  constexpr double kMargin = 0.005;
  const struct {
    std::uint64_t n;
    double discordant;
  } sets[] = {{500, 0.04}, {1000, 0.04}, {3080, 0.03}, {5000, 0.04}, {7600, 0.02}, {25000, 0.02}};
  std::string table =
      "| n | d | true change | m = 0: REGRESSED | IMPROVED | INCONCLUSIVE | m = 0.5 pp: REGRESSED | IMPROVED | PASS | "
      "INCONCLUSIVE |\n|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n";
  for (const auto& set : sets) {
    for (const double change : {0.0, -kMargin, -2 * kMargin}) {
      const Truth truth{set.n, set.discordant, change};
      const VerdictShares strict = simulate(truth, 0, kDraws, 1);
      const VerdictShares lenient = simulate(truth, kMargin, kDraws, 2);
      table +=
          fmt::format("| {} | {:.0f} % | {} | {} | {} | {} | {} | {} | {} | {} |\n", set.n, 100 * set.discordant,
                      change == 0 ? "0" : fmt::format("−{:.1f} pp", -100 * change), percent(strict[Verdict::regressed]),
                      percent(strict[Verdict::improved]), percent(strict[Verdict::inconclusive]),
                      percent(lenient[Verdict::regressed]), percent(lenient[Verdict::improved]),
                      percent(lenient[Verdict::pass]), percent(lenient[Verdict::inconclusive]));
    }
  }
  return table;
}

}  // namespace textlambda::gate
