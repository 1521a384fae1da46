#include "textlambda/topics/term_matrix.h"

#include <cstdint>
#include <vector>

#include "tests/catch.h"

using namespace textlambda;
using topics::Rows;
using topics::TermMatrix;

namespace {

// 1 0 2
// 0 0 0
// 0 3 4
TermMatrix sample() { return {3, {2, 2, 4}, {2, 0, 1, 2}, {2, 1, 3, 4}}; }

Rows dense(const TermMatrix& matrix) {
  Rows rows;
  matrix.multiply(Rows::Identity(topics::at(matrix.columns()), topics::at(matrix.columns())), rows, io::Executor());
  return rows;
}

}  // namespace

TEST_CASE("a compressed matrix is the dense one") {
  const Rows expected = (Rows(3, 3) << 1, 0, 2, 0, 0, 0, 0, 3, 4).finished();
  CHECK(dense(sample()) == expected);
  CHECK(dense(sample().transposed()) == Rows(expected.transpose()));
  CHECK(dense(sample().transposed().transposed()) == expected);
}

TEST_CASE("rows are chosen in the order that they are named in") {
  const std::vector<std::uint32_t> order = {2, 0, 2, 1};
  const Rows expected = (Rows(4, 3) << 0, 3, 4, 1, 0, 2, 0, 3, 4, 0, 0, 0).finished();
  CHECK(dense(sample().chosen(order)) == expected);
}

TEST_CASE("a matrix without columns has products of its height") {
  const TermMatrix empty(0, {0, 0}, {}, {});
  Rows product;
  empty.multiply(Rows(0, 2), product, io::Executor());
  CHECK(product == Rows::Zero(2, 2));
}
