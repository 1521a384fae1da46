#include "textlambda/model/row_filter.h"

#include <algorithm>
#include <cstring>

#include "textlambda/model/format.h"

#include "tests/catch.h"
#include "tests/model/model_bytes.h"

using namespace textlambda::model;

namespace {

// SplitMix64 (Steele, Lea and Flood, 2014): the i-th of a sequence of well-mixed numbers.
std::uint64_t mixed(std::uint64_t i) {
  std::uint64_t z = i * 0x9E3779B97F4A7C15U;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
  return z ^ (z >> 31);
}

std::vector<std::uint64_t> rows(std::size_t count) {
  std::vector<std::uint64_t> hashes;
  for (std::size_t i = 0; i < count; ++i) hashes.push_back(mixed(i));
  return hashes;
}

}  // namespace

TEST_CASE("a filter says yes to each of its rows, and takes about 2.5 bytes for one") {
  for (const std::size_t count : {1U, 2U, 3U, 10U, 100U, 1000U, 4096U, 50000U}) {
    CAPTURE(count);
    const AlignedBytes bytes(RowFilter::build(rows(count)));
    REQUIRE(RowFilter::find_flaw(bytes.view()) == nullptr);
    const RowFilter filter(bytes.view());
    CHECK(filter.present());
    CHECK(filter.rows() == count);
    std::size_t found = 0;
    for (const std::uint64_t hash : rows(count)) found += static_cast<std::size_t>(filter.contains(hash));
    CHECK(found == count);
    CHECK(bytes.view().size() <= 16 + 2 * (32 + count * 123 / 100 + 1));
  }
}

TEST_CASE("a filter says yes to one foreign row in 65,536") {
  const AlignedBytes bytes(RowFilter::build(rows(20000)));
  const RowFilter filter(bytes.view());
  std::size_t found = 0;
  constexpr std::size_t kForeign = 4000000;
  for (std::size_t i = 0; i < kForeign; ++i) found += static_cast<std::size_t>(filter.contains(mixed(20000 + i)));
  // Expected 61, standard deviation 7.8.
  CHECK(found > 61 - 39);
  CHECK(found < 61 + 39);
}

TEST_CASE("hashes that are not mixed do no harm") {
  std::vector<std::uint64_t> hashes;
  for (std::uint64_t i = 0; i < 3000; ++i) hashes.push_back(i << 40);
  for (std::uint64_t i = 0; i < 3000; ++i) hashes.push_back(~i);
  const AlignedBytes bytes(RowFilter::build(hashes));
  const RowFilter filter(bytes.view());
  CHECK(std::all_of(hashes.begin(), hashes.end(), [&](std::uint64_t hash) { return filter.contains(hash); }));
}

TEST_CASE("the same rows make the same filter, in any order and however often") {
  std::vector<std::uint64_t> hashes = rows(500);
  const std::string bytes = RowFilter::build(hashes);
  std::reverse(hashes.begin(), hashes.end());
  hashes.insert(hashes.end(), hashes.begin(), hashes.begin() + 100);
  CHECK(RowFilter::build(hashes) == bytes);
}

TEST_CASE("no rows, no filter") {
  CHECK(RowFilter::build({}).empty());
  const RowFilter none;
  CHECK(!none.present());
  CHECK(!none.contains(0));
  CHECK(!RowFilter(std::string_view()).contains(1));
  CHECK(RowFilter::find_flaw("") == nullptr);
}
