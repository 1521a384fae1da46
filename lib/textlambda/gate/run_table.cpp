#include "textlambda/gate/run_table.h"

#include <algorithm>
#include <cstddef>
#include <numeric>

#include "textlambda/stats/detectable_effect.h"
#include "textlambda/stats/holm.h"
#include "textlambda/stats/interval.h"
#include "textlambda/stats/paired.h"

namespace textlambda::gate {
namespace {

std::uint64_t count_right(const RunRightness& run) {
  return static_cast<std::uint64_t>(std::count(run.right.begin(), run.right.end(), true));
}

// `a` as the earlier run.
stats::PairedCounts flips_of(const RunRightness& a, const RunRightness& b) {
  stats::PairedCounts flips{a.right.size(), 0, 0};
  for (std::size_t i = 0; i < a.right.size(); ++i) {
    if (a.right[i] && !b.right[i]) ++flips.newly_wrong;
    if (!a.right[i] && b.right[i]) ++flips.newly_right;
  }
  return flips;
}

double two_sided_p(const stats::PairedCounts& flips) {
  const stats::PairedCounts turned{flips.n, flips.newly_right, flips.newly_wrong};
  return std::min(1.0, 2 * std::min(stats::mcnemar_exact_p(flips), stats::mcnemar_exact_p(turned)));
}

std::string letter(std::size_t number) {
  const std::string one(1, static_cast<char>('a' + number % 26));
  return number < 26 ? one : one + std::to_string(number / 26);
}

void set_groups(RunTable& table, double alpha) {
  const std::size_t count = table.runs.size();
  std::vector<std::vector<bool>> differ(count, std::vector<bool>(count, false));
  for (const RunPair& pair : table.pairs) differ[pair.a][pair.b] = pair.holm_p <= alpha;
  std::size_t covered = 0;  // runs before this one are in the groups so far
  std::size_t number = 0;
  for (std::size_t begin = 0; begin < count; ++begin) {
    std::size_t end = begin + 1;
    const auto joins = [&](std::size_t run) {
      for (std::size_t i = begin; i < run; ++i) {
        if (differ[i][run]) return false;
      }
      return true;
    };
    while (end < count && joins(end)) ++end;
    if (end <= covered) continue;  // inside the group before
    covered = end;
    for (std::size_t i = begin; i < end; ++i) table.runs[i].group += letter(number);
    ++number;
  }
}

}  // namespace

RunTable run_table(std::span<const RunRightness> runs, double alpha) {
  RunTable table;
  if (runs.empty()) return table;
  table.n = runs.front().right.size();
  std::vector<std::size_t> order(runs.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return count_right(runs[a]) > count_right(runs[b]); });
  for (const std::size_t run : order) {
    const std::uint64_t right = count_right(runs[run]);
    const double accuracy = table.n == 0 ? 0 : static_cast<double>(right) / static_cast<double>(table.n);
    table.runs.push_back({runs[run].name, accuracy, stats::wilson_interval(right, table.n), ""});
  }
  std::vector<double> p;
  const auto pairs = static_cast<double>(order.size() * (order.size() - 1)) / 2;
  for (std::size_t a = 0; a < order.size(); ++a) {
    for (std::size_t b = a + 1; b < order.size(); ++b) {
      const stats::PairedCounts flips = flips_of(runs[order[a]], runs[order[b]]);
      RunPair pair;
      pair.a = a;
      pair.b = b;
      pair.difference = table.runs[a].accuracy - table.runs[b].accuracy;
      if (table.n > 0) {
        const double disagreement =
            static_cast<double>(flips.newly_wrong + flips.newly_right) / static_cast<double>(table.n);
        // A power of one half leaves the quantile of alpha alone.
        pair.critical = stats::detectable_effect(disagreement, table.n, alpha / 2 / pairs, 0.5);
      }
      p.push_back(two_sided_p(flips));
      table.pairs.push_back(pair);
    }
  }
  const std::vector<double> adjusted = stats::holm_adjusted(p);
  for (std::size_t i = 0; i < adjusted.size(); ++i) table.pairs[i].holm_p = adjusted[i];
  set_groups(table, alpha);
  return table;
}

}  // namespace textlambda::gate
