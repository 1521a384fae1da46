#include "textlambda/metrics/confusion_matrix.h"

#include <cstdint>
#include <tuple>
#include <vector>

#include "tests/catch.h"

using namespace textlambda::metrics;

namespace {

using Plain = std::vector<std::tuple<std::uint32_t, std::uint32_t, std::uint64_t>>;

Plain plain(const std::vector<ConfusionCell>& cells) {
  Plain result;
  for (const ConfusionCell& cell : cells) result.emplace_back(cell.truth, cell.predicted, cell.count);
  return result;
}

}  // namespace

TEST_CASE("cells stand in order, whatever order they come in") {
  const ConfusionMatrix matrix(4, 3, {{3, 0, 5}, {0, 2, 1}, {1, 1, 9}, {0, 1, 5}});
  CHECK(matrix.rows() == 4);
  CHECK(matrix.columns() == 3);
  CHECK(plain(matrix.cells()) == Plain{{0, 1, 5}, {0, 2, 1}, {1, 1, 9}, {3, 0, 5}});
}

TEST_CASE("a cell that is not there is zero") {
  const ConfusionMatrix matrix(3, 3, {{0, 1, 5}, {2, 2, 7}});
  const std::uint64_t counts[3][3] = {{0, 5, 0}, {0, 0, 0}, {0, 0, 7}};
  for (std::size_t truth = 0; truth < 3; ++truth) {
    for (std::size_t predicted = 0; predicted < 3; ++predicted) {
      CAPTURE(truth, predicted);
      CHECK(matrix.count(truth, predicted) == counts[truth][predicted]);
    }
  }
  CHECK(ConfusionMatrix().count(0, 0) == 0);
}

TEST_CASE("confusions: the largest first, of as many by their place, none of the diagonal") {
  const ConfusionMatrix matrix(4, 3, {{3, 0, 5}, {0, 2, 6}, {1, 1, 9}, {0, 1, 5}, {2, 0, 1}});
  CHECK(plain(matrix.largest_confusions()) == Plain{{0, 2, 6}, {0, 1, 5}, {3, 0, 5}, {2, 0, 1}});
}
