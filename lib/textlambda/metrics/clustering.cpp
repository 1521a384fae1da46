#include "textlambda/metrics/clustering.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace textlambda::metrics {
namespace {

// How many parts have each size.
using Sizes = std::map<std::uint64_t, std::uint64_t>;

struct Margins {
  std::vector<std::uint64_t> rows;
  std::vector<std::uint64_t> columns;
  std::uint64_t total = 0;
};

Margins margins_of(const ConfusionMatrix& counts) {
  Margins margins;
  margins.rows.assign(counts.rows(), 0);
  margins.columns.assign(counts.columns(), 0);
  for (const ConfusionCell& cell : counts.cells()) {
    margins.rows[cell.truth] += cell.count;
    margins.columns[cell.predicted] += cell.count;
    margins.total += cell.count;
  }
  return margins;
}

Sizes sizes_of(const std::vector<std::uint64_t>& parts) {
  Sizes sizes;
  for (const std::uint64_t part : parts) {
    if (part > 0) ++sizes[part];
  }
  return sizes;
}

std::uint64_t count_parts(const Sizes& sizes) {
  std::uint64_t count = 0;
  for (const auto& [size, parts] : sizes) count += parts;
  return count;
}

double entropy_of(const Sizes& sizes, double total) {
  double entropy = 0;
  for (const auto& [size, parts] : sizes) {
    const double share = static_cast<double>(size) / total;
    entropy -= static_cast<double>(parts) * share * std::log(share);
  }
  return entropy;
}

double mutual_information(const ConfusionMatrix& counts, const Margins& margins) {
  const auto total = static_cast<double>(margins.total);
  double sum = 0;
  for (const ConfusionCell& cell : counts.cells()) {
    const auto both = static_cast<double>(cell.count);
    const double row = static_cast<double>(margins.rows[cell.truth]);
    const double column = static_cast<double>(margins.columns[cell.predicted]);
    sum += both / total * (std::log(both / row) + std::log(total / column));
  }
  // What is left of a sum that is 0 is rounding.
  return std::abs(sum) < std::numeric_limits<double>::epsilon() ? 0 : std::max(sum, 0.0);
}

// Σ over n of P(n)·(n / N)·ln(N·n / (a·b)), n being how many of a part of `a` examples fall into one of `b` by chance:
// hypergeometric. From the likeliest n to both sides, each probability from its neighbour's.
double expected_term(double a, double b, double total) {
  const double least = std::max(0.0, a + b - total);
  const double most = std::min(a, b);
  const double likeliest = std::clamp(std::floor((a + 1) * (b + 1) / (total + 2)), least, most);
  const auto log_choose = [](double n, double k) {
    return std::lgamma(n + 1) - std::lgamma(k + 1) - std::lgamma(n - k + 1);
  };
  const double peak = std::exp(log_choose(a, likeliest) + log_choose(total - a, b - likeliest) - log_choose(total, b));
  const auto term = [&](double n, double probability) {
    return n == 0 ? 0 : probability * n / total * std::log(total * n / (a * b));
  };
  constexpr double kNothing = 1e-25;
  double sum = term(likeliest, peak);
  double mass = peak;
  double probability = peak;
  for (double n = likeliest; n < most && probability > kNothing; ++n) {
    probability *= (a - n) * (b - n) / ((n + 1) * (total - a - b + n + 1));
    sum += term(n + 1, probability);
    mass += probability;
  }
  probability = peak;
  for (double n = likeliest; n > least && probability > kNothing; --n) {
    probability *= n * (total - a - b + n) / ((a - n + 1) * (b - n + 1));
    sum += term(n - 1, probability);
    mass += probability;
  }
  // The probabilities add up to 1: what the logarithms of factorials were off by goes.
  return sum / mass;
}

double expected_mutual_information(const Sizes& rows, const Sizes& columns, double total) {
  double sum = 0;
  for (const auto& [a, row_parts] : rows) {
    for (const auto& [b, column_parts] : columns) {
      sum += static_cast<double>(row_parts) * static_cast<double>(column_parts) *
             expected_term(static_cast<double>(a), static_cast<double>(b), total);
    }
  }
  return sum;
}

// Sums of squares of counts, exact: pairs of as many examples as there can be do not fit 64 bits.
__extension__ using WideCount = unsigned __int128;

double adjusted_rand(const ConfusionMatrix& counts, const Margins& margins) {
  const auto squares = [](const std::vector<std::uint64_t>& parts) {
    WideCount sum = 0;
    for (const std::uint64_t part : parts) sum += static_cast<WideCount>(part) * part;
    return sum;
  };
  WideCount both = 0;
  for (const ConfusionCell& cell : counts.cells()) both += static_cast<WideCount>(cell.count) * cell.count;
  const WideCount rows = squares(margins.rows);
  const WideCount columns = squares(margins.columns);
  const WideCount all = static_cast<WideCount>(margins.total) * margins.total;
  // Ordered pairs: together in both, in the one alone, in neither.
  const auto together = static_cast<double>(both - margins.total);
  const auto in_columns = static_cast<double>(columns - both);
  const auto in_rows = static_cast<double>(rows - both);
  const auto apart = static_cast<double>(all - columns - rows + both);
  if (in_columns == 0 && in_rows == 0) return 1;
  return 2 * (together * apart - in_rows * in_columns) /
         ((together + in_rows) * (in_rows + apart) + (together + in_columns) * (in_columns + apart));
}

}  // namespace

ClusteringFigures clustering_figures(const ConfusionMatrix& counts) {
  ClusteringFigures figures;
  const Margins margins = margins_of(counts);
  figures.examples = margins.total;
  if (margins.total == 0) {
    figures.nmi = figures.ami = figures.homogeneity = figures.completeness = figures.v_measure = figures.ari = 1;
    return figures;
  }
  const auto total = static_cast<double>(margins.total);
  const Sizes rows = sizes_of(margins.rows);
  const Sizes columns = sizes_of(margins.columns);
  const double row_entropy = entropy_of(rows, total);
  const double column_entropy = entropy_of(columns, total);
  const double information = mutual_information(counts, margins);
  const double mean = (row_entropy + column_entropy) / 2;
  if (count_parts(rows) == 1 && count_parts(columns) == 1) {
    figures.nmi = figures.ami = 1;
  } else {
    figures.nmi = information == 0 ? 0 : information / std::max(mean, std::numeric_limits<double>::epsilon());
    const double expected = expected_mutual_information(rows, columns, total);
    const double room = mean - expected;
    constexpr double kLeast = std::numeric_limits<double>::epsilon();
    figures.ami = (information - expected) / (room < 0 ? std::min(room, -kLeast) : std::max(room, kLeast));
  }
  figures.homogeneity = row_entropy > 0 ? information / row_entropy : 1;
  figures.completeness = column_entropy > 0 ? information / column_entropy : 1;
  const double both = figures.homogeneity + figures.completeness;
  figures.v_measure = both == 0 ? 0 : 2 * figures.homogeneity * figures.completeness / both;
  figures.ari = adjusted_rand(counts, margins);
  std::uint64_t pure = 0;
  for (const GroupMajority& group : group_majorities(counts)) pure += group.of_label;
  figures.purity = static_cast<double>(pure) / total;
  return figures;
}

double adjusted_rand_index(const ConfusionMatrix& counts) {
  const Margins margins = margins_of(counts);
  return margins.total == 0 ? 1 : adjusted_rand(counts, margins);
}

std::vector<GroupMajority> group_majorities(const ConfusionMatrix& counts) {
  std::vector<GroupMajority> groups(counts.columns());
  for (const ConfusionCell& cell : counts.cells()) {
    GroupMajority& group = groups[cell.predicted];
    group.examples += cell.count;
    if (cell.count <= group.of_label) continue;
    group.of_label = cell.count;
    group.label = cell.truth;
  }
  return groups;
}

}  // namespace textlambda::metrics
