#include "textlambda/stats/bootstrap.h"

#include <cmath>
#include <limits>
#include <mutex>
#include <numeric>
#include <stdexcept>
#include <thread>
#include <vector>

#include "tests/catch.h"

using namespace textlambda::stats;

namespace {

// The share of the first unit, and the number of draws.
ResampleStatistic share_of_first() {
  return [](std::span<const std::uint32_t> counts, std::span<double> values) {
    values[1] = std::accumulate(counts.begin(), counts.end(), 0.0);
    values[0] = counts[0] / values[1];
  };
}

double mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double variance(const std::vector<double>& values) {
  double squares = 0;
  for (const double value : values) squares += (value - mean(values)) * (value - mean(values));
  return squares / static_cast<double>(values.size());
}

// All work on threads of its own, the last item first.
void backwards_on_threads(std::size_t items, const std::function<void(std::size_t)>& work) {
  std::vector<std::thread> threads;
  for (std::size_t item = items; item-- > 0;) threads.emplace_back([&work, item] { work(item); });
  for (std::thread& thread : threads) thread.join();
}

}  // namespace

TEST_CASE("units are drawn as often as there are, each as likely", "[simulation]") {
  const BootstrapValues values = bootstrap_units(40, 2, share_of_first, {20000, 7});
  REQUIRE(values.size() == 2);
  REQUIRE(values[0].size() == 20000);
  for (const double draws : values[1]) REQUIRE(draws == 40);
  // Bin(40, 1/40) / 40: mean 0.025, variance 0.025 * 0.975 / 40; five standard errors of each.
  CHECK(mean(values[0]) == Approx(0.025).margin(5 * std::sqrt(0.025 * 0.975 / 40 / 20000)));
  CHECK(variance(values[0]) == Approx(0.025 * 0.975 / 40).epsilon(0.06));
}

TEST_CASE("of many units each is as likely, wherever it stands") {
  // 700 units: two blocks of 256 and a rest.
  std::vector<double> sums(700, 0), squares(700, 0);
  double product = 0;  // of neighbours across the border of two blocks
  std::mutex mutex;
  const auto count_all = [&] {
    return [&](std::span<const std::uint32_t> counts, std::span<double> values) {
      const std::lock_guard<std::mutex> lock(mutex);
      values[0] = std::accumulate(counts.begin(), counts.end(), 0.0);
      for (std::size_t i = 0; i < 700; ++i) {
        sums[i] += counts[i];
        squares[i] += static_cast<double>(counts[i]) * counts[i];
      }
      product += static_cast<double>(counts[255]) * counts[256];
    };
  };
  constexpr double kResamples = 20000;
  const BootstrapValues values = bootstrap_units(700, 1, count_all, {20000, 5});
  for (const double draws : values[0]) REQUIRE(draws == 700);
  const double spread = 1 - 1.0 / 700;  // the variance of Bin(700, 1/700)
  for (std::size_t i = 0; i < 700; ++i) {
    CAPTURE(i);
    REQUIRE(sums[i] / kResamples == Approx(1).margin(5 * std::sqrt(spread / kResamples)));
    REQUIRE(squares[i] / kResamples - 1 == Approx(spread).margin(0.08));
  }
  // Covariance -1/700.
  CHECK(product / kResamples - 1 == Approx(-1.0 / 700).margin(5 / std::sqrt(kResamples)));
}

TEST_CASE("cells are drawn in proportion to their examples", "[simulation]") {
  const std::vector<std::uint64_t> cells{30, 0, 900, 70};
  const BootstrapValues values = bootstrap_cells(cells, 2, share_of_first, {20000, 7});
  for (const double draws : values[1]) REQUIRE(draws == 1000);
  CHECK(mean(values[0]) == Approx(0.03).margin(5 * std::sqrt(0.03 * 0.97 / 1000 / 20000)));
  CHECK(variance(values[0]) == Approx(0.03 * 0.97 / 1000).epsilon(0.06));
  // Cells without examples stay empty, and of two cells the shares move against each other.
  const BootstrapValues pair =
      bootstrap_cells(cells, 3,
                      [] {
                        return [](std::span<const std::uint32_t> counts, std::span<double> figures) {
                          figures[0] = counts[1];
                          figures[1] = counts[2];
                          figures[2] = counts[3];
                        };
                      },
                      {20000, 3});
  CHECK(*std::max_element(pair[0].begin(), pair[0].end()) == 0);
  double covariance = 0;
  for (std::size_t r = 0; r < 20000; ++r) covariance += (pair[1][r] - 900) * (pair[2][r] - 70) / 20000;
  CHECK(covariance == Approx(-1000 * 0.9 * 0.07).epsilon(0.1));
}

TEST_CASE("the same bits in whatever order the work is done", "[threads]") {
  const std::vector<std::uint64_t> cells{5, 17, 2};
  const BootstrapOptions options{300, 42};
  CHECK(bootstrap_units(50, 2, share_of_first, options) ==
        bootstrap_units(50, 2, share_of_first, options, backwards_on_threads));
  CHECK(bootstrap_cells(cells, 2, share_of_first, options) ==
        bootstrap_cells(cells, 2, share_of_first, options, backwards_on_threads));
  CHECK(bootstrap_units(50, 2, share_of_first, options) != bootstrap_units(50, 2, share_of_first, {300, 43}));
  // A resample does not depend on how many there are.
  CHECK(bootstrap_units(50, 2, share_of_first, {10, 42})[0][9] ==
        bootstrap_units(50, 2, share_of_first, options)[0][9]);
}

TEST_CASE("percentiles by hand") {
  std::vector<double> values(99);
  std::iota(values.begin(), values.end(), 1.0);
  std::swap(values[3], values[90]);
  // k = 5 of B + 1 = 100.
  CHECK(percentile_interval(values, 0.05).low == 5);
  CHECK(percentile_interval(values, 0.05).high == 95);
  CHECK(percentile_p(values, 95) == Approx(0.06));
  CHECK(percentile_p(values, 95.5) == Approx(0.05));
  CHECK(percentile_p(values, 1000) == Approx(0.01));
  CHECK(percentile_p(values, 0) == 1);
  // Too few for the level.
  CHECK(std::isinf(percentile_interval(std::vector<double>{1, 2, 3}, 0.05).low));
  CHECK(std::isinf(percentile_interval({}, 0.05).high));
}

TEST_CASE("what is undefined in a resample widens the interval on both sides") {
  std::vector<double> values(99);
  std::iota(values.begin(), values.end(), 1.0);
  for (std::size_t i = 40; i < 44; ++i) values[i] = std::numeric_limits<double>::quiet_NaN();
  CHECK(percentile_interval(values, 0.05).low == 1);
  CHECK(percentile_interval(values, 0.05).high == 99);
  CHECK(percentile_p(values, 1000) == Approx(0.05));
  values[44] = std::numeric_limits<double>::quiet_NaN();
  CHECK(std::isinf(percentile_interval(values, 0.05).low));
}

TEST_CASE("a bootstrap of nothing sensible is refused") {
  CHECK_THROWS_AS(bootstrap_units(5, 2, share_of_first, {0, 1}), std::domain_error);
  CHECK_THROWS_AS(bootstrap_units(std::size_t{1} << 31, 2, share_of_first), std::domain_error);
  CHECK_THROWS_AS(bootstrap_cells(std::vector<std::uint64_t>{1, std::uint64_t{1} << 40}, 2, share_of_first),
                  std::domain_error);
  CHECK_THROWS_AS(percentile_interval(std::vector<double>{1}, 0), std::domain_error);
}
