#include "textlambda/topics/svd.h"

#include <cmath>
#include <cstdint>
#include <vector>

#include "textlambda/train/counter_random.h"

#include "tests/catch.h"

using namespace textlambda;
using topics::LatentSpace;
using topics::Rows;
using topics::TermMatrix;

namespace {

TermMatrix compressed(const Rows& dense) {
  std::vector<std::uint64_t> ends;
  std::vector<std::uint32_t> ids;
  std::vector<float> values;
  for (Eigen::Index row = 0; row < dense.rows(); ++row) {
    for (Eigen::Index column = 0; column < dense.cols(); ++column) {
      if (dense(row, column) == 0) continue;
      ids.push_back(static_cast<std::uint32_t>(column));
      values.push_back(dense(row, column));
    }
    ends.push_back(ids.size());
  }
  return {static_cast<std::size_t>(dense.cols()), ends, ids, values};
}

LatentSpace latent_of(const Rows& dense, std::size_t rank, unsigned threads = 1, std::uint64_t seed = 1) {
  const TermMatrix matrix = compressed(dense);
  return topics::find_latent_space(matrix, matrix.transposed(), rank, seed, io::Executor(threads));
}

Rows random_rows(Eigen::Index rows, Eigen::Index columns) {
  const train::CounterRandom random(3, 1);
  Rows dense(rows, columns);
  for (Eigen::Index i = 0; i < dense.size(); ++i) {
    const std::uint64_t draw = random(static_cast<std::uint64_t>(i));
    dense.data()[i] = draw % 4 == 0 ? static_cast<float>(draw >> 40) * 0x1p-24F : 0;
  }
  return dense;
}

}  // namespace

TEST_CASE("a small matrix has the singular values and vectors that LAPACK finds") {
  // numpy 1.24: numpy.linalg.svd, the absolute values of U·s.
  const Rows matrix = (Rows(5, 4) << 1, 2, 0, 0, 0, 1, 3, 0, 2, 0, 1, 1, 0, 0, 0, 4, 1, 1, 1, 1).finished();
  const std::vector<double> values = {4.50146997, 3.61384818, 2.21985888, 1.65803981};
  const Rows expected = (Rows(5, 4) << 0.76519017F, 1.10856956F, 1.56388861F, 0.86012206F,  //
                         1.36998858F, 2.50713445F, 1.3252623F, 0.28475947F,                 //
                         1.83319942F, 0.68055715F, 0.63247903F, 1.33273859F,                //
                         3.3691176F, 2.08666119F, 0.38174187F, 0.38621865F,                 //
                         1.75763299F, 0.8531917F, 0.42420408F, 0.05330202F)
                            .finished();
  for (const std::size_t rank : {2U, 4U, 100U}) {
    CAPTURE(rank);
    const LatentSpace space = latent_of(matrix, rank);
    const std::size_t found = std::min<std::size_t>(rank, 4);
    REQUIRE(space.singular_values.size() == found);
    for (std::size_t i = 0; i < found; ++i) {
      CHECK(space.singular_values[i] == Approx(values[i]).epsilon(1e-5));
      CHECK((space.texts.col(topics::at(i)).cwiseAbs() - expected.col(topics::at(i))).norm() < 1e-4F);
    }
  }
}

TEST_CASE("a matrix of low rank has no more dimensions") {
  const Rows narrow = random_rows(50, 3);
  const Rows wide = narrow * random_rows(3, 40);
  const LatentSpace space = latent_of(wide, 10);
  CHECK(space.singular_values.size() == 3);
  CHECK(space.texts.cols() == 3);
  CHECK(space.texts.rows() == 50);
  CHECK(latent_of(Rows::Zero(4, 4), 2).texts.cols() == 0);
}

TEST_CASE("inner products of texts survive in the latent space") {
  const Rows matrix = random_rows(60, 30);
  const Rows latent = latent_of(matrix, 30).texts;
  CHECK((latent * latent.transpose() - matrix * matrix.transpose()).cwiseAbs().maxCoeff() < 1e-3F);
}

TEST_CASE("the latent space is the same for any number of threads", "[threads]") {
  const Rows matrix = random_rows(3000, 80);
  const Rows one = latent_of(matrix, 20).texts;
  for (const unsigned threads : {2U, 3U, 8U}) CHECK(latent_of(matrix, 20, threads).texts == one);
  CHECK(latent_of(matrix, 20, 1, 2).texts != one);
}

TEST_CASE("rows are brought to length 1, but for those of zeros") {
  Rows rows = (Rows(2, 2) << 3, 4, 0, 0).finished();
  topics::normalise_rows(rows, io::Executor());
  CHECK(rows == (Rows(2, 2) << 0.6F, 0.8F, 0, 0).finished());
}
