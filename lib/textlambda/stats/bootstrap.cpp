#include "textlambda/stats/bootstrap.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>

#include <boost/random/binomial_distribution.hpp>

#include "textlambda/stats/philox.h"

namespace textlambda::stats {
namespace {

constexpr std::size_t kBatch = 64;  // resamples that share scratch memory

constexpr std::uint64_t kMost = std::numeric_limits<std::int32_t>::max();

std::uint32_t draw_binomial(PhiloxStream& random, std::uint32_t trials, double share) {
  return static_cast<std::uint32_t>(
      boost::random::binomial_distribution<std::int32_t, double>(static_cast<std::int32_t>(trials), share)(random));
}

// As many draws as units. Blocks of 256 units share out the draws first, by binomial numbers; within a block a byte is
// a draw, so that a random word serves four, and a block's counts stay in the nearest cache.
void draw_units(PhiloxStream& random, std::span<std::uint32_t> counts) {
  constexpr std::size_t kBlock = 256;
  std::fill(counts.begin(), counts.end(), 0U);
  auto left = static_cast<std::uint32_t>(counts.size());
  for (std::size_t begin = 0; begin < counts.size(); begin += kBlock) {
    const std::size_t units = counts.size() - begin;
    if (units <= kBlock) {
      for (; left > 0; --left) ++counts[begin + random.below(static_cast<std::uint32_t>(units))];
      return;
    }
    std::uint32_t drawn = draw_binomial(random, left, static_cast<double>(kBlock) / static_cast<double>(units));
    left -= drawn;
    std::uint32_t* const block = &counts[begin];
    for (; drawn >= 4; drawn -= 4) {
      const std::uint32_t word = random();
      ++block[word & 0xFFU];
      ++block[word >> 8 & 0xFFU];
      ++block[word >> 16 & 0xFFU];
      ++block[word >> 24];
    }
    for (; drawn > 0; --drawn) ++block[random() >> 24];
  }
}

// Fills the counts of one resample.
using Draw = std::function<void(PhiloxStream& random, std::span<std::uint32_t> counts)>;

BootstrapValues resample(std::size_t width, std::size_t statistics, const Draw& draw, const StatisticMaker& make,
                         const BootstrapOptions& options, const ParallelFor& parallel_for) {
  if (options.resamples == 0) throw std::domain_error("no resamples");
  BootstrapValues values(statistics, std::vector<double>(options.resamples));
  const auto batch = [&](std::size_t number) {
    const ResampleStatistic statistic = make();
    std::vector<std::uint32_t> counts(width);
    std::vector<double> figures(statistics);
    const std::size_t end = std::min(options.resamples, (number + 1) * kBatch);
    for (std::size_t r = number * kBatch; r < end; ++r) {
      PhiloxStream random(options.seed, r);
      draw(random, counts);
      statistic(counts, figures);
      for (std::size_t s = 0; s < statistics; ++s) values[s][r] = figures[s];
    }
  };
  const std::size_t batches = (options.resamples + kBatch - 1) / kBatch;
  if (parallel_for) {
    parallel_for(batches, batch);
  } else {
    for (std::size_t number = 0; number < batches; ++number) batch(number);
  }
  return values;
}

}  // namespace

BootstrapValues bootstrap_units(std::size_t units, std::size_t statistics, const StatisticMaker& statistic,
                                const BootstrapOptions& options, const ParallelFor& parallel_for) {
  if (units > kMost) throw std::domain_error("too many units");
  return resample(units, statistics, draw_units, statistic, options, parallel_for);
}

BootstrapValues bootstrap_cells(std::span<const std::uint64_t> cells, std::size_t statistics,
                                const StatisticMaker& statistic, const BootstrapOptions& options,
                                const ParallelFor& parallel_for) {
  std::uint64_t total = 0;
  for (const std::uint64_t count : cells) {
    if (count > kMost - total) throw std::domain_error("too many examples");
    total += count;
  }
  // Largest first: the draws are soon used up, and the rest are zero.
  std::vector<std::size_t> order(cells.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return cells[a] > cells[b]; });

  const auto draw = [&cells, &order, total](PhiloxStream& random, std::span<std::uint32_t> counts) {
    std::fill(counts.begin(), counts.end(), 0U);
    std::uint64_t examples = total;  // in the cells not drawn yet
    auto left = static_cast<std::uint32_t>(total);
    for (const std::size_t cell : order) {
      if (left == 0 || cells[cell] == 0) return;
      std::uint32_t drawn = left;
      if (cells[cell] < examples) {
        const double share = static_cast<double>(cells[cell]) / static_cast<double>(examples);
        drawn = draw_binomial(random, left, share);
      }
      counts[cell] = drawn;
      left -= drawn;
      examples -= cells[cell];
    }
  };
  return resample(cells.size(), statistics, draw, statistic, options, parallel_for);
}

Interval percentile_interval(std::span<const double> values, double alpha) {
  if (!(alpha > 0 && alpha <= 0.5)) throw std::domain_error("alpha outside (0, 0.5]");
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  // alpha·(B + 1) is meant to be whole where it is nearly so: 0.05 · 10,000 must not come to 499.99….
  const auto rank = static_cast<std::size_t>(std::floor(alpha * static_cast<double>(values.size() + 1) * (1 + 1e-12)));
  if (rank == 0) return {-kInfinity, kInfinity};
  std::vector<double> sorted(values.begin(), values.end());
  const auto kth = [&](double undefined, std::size_t index) {
    std::transform(values.begin(), values.end(), sorted.begin(),
                   [&](double value) { return std::isnan(value) ? undefined : value; });
    const auto at = sorted.begin() + static_cast<std::ptrdiff_t>(index);
    std::nth_element(sorted.begin(), at, sorted.end());
    return *at;
  };
  return {kth(-kInfinity, rank - 1), kth(kInfinity, values.size() - rank)};
}

double percentile_p(std::span<const double> values, double delta0) {
  const auto reached = std::count_if(values.begin(), values.end(), [&](double value) { return !(value < delta0); });
  return (1 + static_cast<double>(reached)) / (1 + static_cast<double>(values.size()));
}

}  // namespace textlambda::stats
