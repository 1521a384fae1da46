#include "textlambda/model/most_probable.h"

#include <vector>

#include "tests/catch.h"

namespace textlambda::model {
namespace {

TEST_CASE("The most probable labels come first, of equal ones the first") {
  const std::vector<float> probabilities = {0.1F, 0.3F, 0.1F, 0.4F, 0.1F};
  using Labels = std::vector<std::size_t>;
  CHECK(most_probable(probabilities, 0) == Labels{});
  CHECK(most_probable(probabilities, 1) == Labels{3});
  CHECK(most_probable(probabilities, 3) == Labels{3, 1, 0});
  CHECK(most_probable(probabilities, 5) == Labels{3, 1, 0, 2, 4});
  CHECK(most_probable(probabilities, 9) == Labels{3, 1, 0, 2, 4});
  CHECK(most_probable({}, 1) == Labels{});
}

}  // namespace
}  // namespace textlambda::model
