#include "textlambda/stats/two_samples.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <stdexcept>
#include <vector>

#include <boost/math/special_functions/gamma.hpp>

namespace textlambda::stats {
namespace {

double sum(std::span<const std::uint32_t> counts) {
  return static_cast<double>(std::accumulate(counts.begin(), counts.end(), std::uint64_t{0}));
}

struct Sizes {
  double a;
  double b;
};

Sizes sizes_of(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b) {
  if (a.size() != b.size()) throw std::domain_error("samples over different bins");
  const Sizes sizes{sum(a), sum(b)};
  if (sizes.a == 0 || sizes.b == 0) throw std::domain_error("an empty sample");
  return sizes;
}

// P(K > x) of Kolmogorov's distribution, by whichever of its two series converges fast.
double kolmogorov_tail(double x) {
  if (x <= 0) return 1;
  if (x < 1) {
    const double z = -std::numbers::pi * std::numbers::pi / (8 * x * x);
    double below = 0;
    for (int k = 1; k <= 9; k += 2) below += std::exp(k * k * z);
    return 1 - std::sqrt(2 * std::numbers::pi) / x * below;
  }
  double tail = 0;
  for (int k = 1; k <= 8; ++k) tail += (k % 2 == 1 ? 2 : -2) * std::exp(-2.0 * k * k * x * x);
  return tail;
}

// One category of both samples.
struct Category {
  double a;
  double b;
  double total() const { return a + b; }
};

// Those with fewer than five expected in either sample merged, the rarest first, until none is left but the only one.
std::vector<Category> merge_rare(std::vector<Category> categories, const Sizes& sizes) {
  std::stable_sort(categories.begin(), categories.end(),
                   [](const Category& x, const Category& y) { return x.total() < y.total(); });
  const double least = 5 * (sizes.a + sizes.b) / std::min(sizes.a, sizes.b);
  Category rare{0, 0};
  std::size_t merged = 0;
  while (merged < categories.size() && (categories[merged].total() < least || (merged > 0 && rare.total() < least))) {
    rare.a += categories[merged].a;
    rare.b += categories[merged].b;
    ++merged;
  }
  categories.erase(categories.begin(), categories.begin() + static_cast<std::ptrdiff_t>(merged));
  if (rare.total() > 0) categories.push_back(rare);
  return categories;
}

}  // namespace

TwoSampleTest kolmogorov_smirnov(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b) {
  const Sizes sizes = sizes_of(a, b);
  TwoSampleTest test;
  double below_a = 0;
  double below_b = 0;
  for (std::size_t bin = 0; bin < a.size(); ++bin) {
    below_a += a[bin];
    below_b += b[bin];
    test.distance = std::max(test.distance, std::abs(below_a / sizes.a - below_b / sizes.b));
  }
  test.p = kolmogorov_tail(test.distance * std::sqrt(sizes.a * sizes.b / (sizes.a + sizes.b)));
  return test;
}

double smallest_significant_distance(std::uint64_t a, std::uint64_t b, double alpha) {
  if (a == 0 || b == 0) throw std::domain_error("an empty sample");
  if (!(alpha > 0 && alpha < 1)) throw std::domain_error("alpha outside (0, 1)");
  double low = 0;
  double high = 30;  // whose tail is 0 in double precision
  for (int step = 0; step < 100; ++step) {
    const double middle = (low + high) / 2;
    (kolmogorov_tail(middle) > alpha ? low : high) = middle;
  }
  const auto n = static_cast<double>(a);
  const auto m = static_cast<double>(b);
  return high / std::sqrt(n * m / (n + m));
}

TwoSampleTest homogeneity(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b) {
  const Sizes sizes = sizes_of(a, b);
  const double all = sizes.a + sizes.b;
  std::vector<Category> categories;
  double distance = 0;
  double by_chance = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const Category category{static_cast<double>(a[i]), static_cast<double>(b[i])};
    if (category.total() == 0) continue;
    categories.push_back(category);
    distance += std::abs(category.a / sizes.a - category.b / sizes.b) / 2;
    // The mean of the absolute value of a normal deviate is √(2 / π) standard deviations.
    const double share = category.total() / all;
    by_chance += std::sqrt(2 / std::numbers::pi * share * (1 - share) * (1 / sizes.a + 1 / sizes.b)) / 2;
  }
  TwoSampleTest test;
  test.distance = std::sqrt(std::max(0.0, distance * distance - by_chance * by_chance));

  categories = merge_rare(std::move(categories), sizes);
  if (categories.size() < 2) return test;
  double chi_squared = 0;
  for (const Category& category : categories) {
    const double expected_a = category.total() * sizes.a / all;
    const double expected_b = category.total() * sizes.b / all;
    chi_squared += (category.a - expected_a) * (category.a - expected_a) / expected_a +
                   (category.b - expected_b) * (category.b - expected_b) / expected_b;
  }
  test.p = boost::math::gamma_q(static_cast<double>(categories.size() - 1) / 2, chi_squared / 2);
  return test;
}

}  // namespace textlambda::stats
