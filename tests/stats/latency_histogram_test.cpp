#include "textlambda/stats/latency_histogram.h"

#include "tests/catch.h"

namespace textlambda::stats {
namespace {

TEST_CASE("Percentiles by nearest rank, within 1/128") {
  LatencyHistogram empty;
  CHECK(empty.percentile(0.5) == 0);
  CHECK(empty.max() == 0);

  LatencyHistogram small;
  for (const std::uint64_t value : {5U, 1U, 4U, 2U, 3U}) small.add(value);
  CHECK(small.count() == 5);
  CHECK(small.percentile(0) == 1);
  CHECK(small.percentile(0.2) == 1);
  CHECK(small.percentile(0.5) == 3);
  CHECK(small.percentile(0.81) == 5);
  CHECK(small.percentile(1) == 5);

  // 1 … 1,000,000: the p-th percentile is p · 10,000.
  LatencyHistogram many;
  for (std::uint64_t value = 1'000'000; value >= 1; --value) many.add(value);
  for (const double share : {0.01, 0.1, 0.5, 0.9, 0.99, 0.999}) {
    const double exact = share * 1'000'000;
    const auto found = static_cast<double>(many.percentile(share));
    CAPTURE(share);
    CHECK(found >= exact - 1);
    CHECK(found <= exact * (1 + 1.0 / 128) + 1);
  }
  CHECK(many.max() == 1'000'000);
  CHECK(many.percentile(1) == 1'000'000);
}

TEST_CASE("Any duration has a bucket") {
  for (const std::uint64_t value : {std::uint64_t{0}, std::uint64_t{255}, std::uint64_t{256}, std::uint64_t{257},
                                    std::uint64_t{1} << 40, ~std::uint64_t{0}}) {
    LatencyHistogram histogram;
    histogram.add(value);
    histogram.add(value);
    CHECK(histogram.percentile(0.5) == value);  // never above the largest
    CHECK(histogram.max() == value);
  }
}

}  // namespace
}  // namespace textlambda::stats
