// The paired percentile bootstrap (B. Efron and R. J. Tibshirani, "An introduction to the bootstrap", 1993, chapters 13
// and 16): figures that are no simple means, such as macro F1, compared between two classifiers on the same examples.
// What is drawn, with replacement, is a unit with all that belongs to it: an example with its truth and both
// predictions, or a cluster of examples.
//
// Random numbers are a pure function of seed and resample (stats/philox.h): the same bits for any number of threads.
// std::domain_error for no resamples, 2^31 units or more, or an alpha outside (0, 0.5].
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "textlambda/stats/interval.h"

namespace textlambda::stats {

struct BootstrapOptions {
  std::size_t resamples = 10000;
  std::uint64_t seed = 0;
};

// The figures of one resample, into `values`: counts[i] says how often unit i was drawn (or how many examples of cell i
// were). A figure that is undefined is NaN.
using ResampleStatistic = std::function<void(std::span<const std::uint32_t> counts, std::span<double> values)>;

// Makes a statistic that owns the scratch memory it needs. Called once a batch of resamples, from any thread.
using StatisticMaker = std::function<ResampleStatistic()>;

// Calls work(item) for each item in [0, items), in any order and on any threads. None: one after another.
using ParallelFor = std::function<void(std::size_t items, const std::function<void(std::size_t item)>& work)>;

// values[s][r]: figure s of resample r.
using BootstrapValues = std::vector<std::vector<double>>;

// Draws `units` units from as many, again and again; each figure of each resample is kept.
BootstrapValues bootstrap_units(std::size_t units, std::size_t statistics, const StatisticMaker& statistic,
                                const BootstrapOptions& options = {}, const ParallelFor& parallel_for = {});

// The same for examples of which only the cell matters (truth × old prediction × new prediction): cells[i] examples are
// in cell i. Draws the multinomial counts of the cells at once, which costs a binomial number a cell however many
// examples there are. Fewer than 2^31 examples.
BootstrapValues bootstrap_cells(std::span<const std::uint64_t> cells, std::size_t statistics,
                                const StatisticMaker& statistic, const BootstrapOptions& options = {},
                                const ParallelFor& parallel_for = {});

// Each end alone is a one-sided bound at level 1 − alpha: with k = ⌊alpha·(B + 1)⌋ the k-th smallest and the k-th
// largest of the B values. Values that are NaN count as beyond either end; infinite where k is 0.
Interval percentile_interval(std::span<const double> values, double alpha);

// The one-sided p value that the interval inverts: H0 figure ≥ delta0 against below it, (1 + #{value ≥ delta0}) /
// (B + 1), NaN counted among them. At most alpha exactly where percentile_interval(values, alpha).high < delta0.
double percentile_p(std::span<const double> values, double delta0);

}  // namespace textlambda::stats
