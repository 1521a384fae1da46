#include "textlambda/topics/svd.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <Eigen/Eigenvalues>

#include "textlambda/train/counter_random.h"

namespace textlambda::topics {
namespace {

constexpr std::size_t kExtra = 10;  // columns beyond the rank
constexpr int kPowerIterations = 2;
constexpr std::uint64_t kProjectionStream = 0x5D;

// Directions of which there is less than this (of the largest, squared) are rounding.
constexpr double kLeastEigenvalue = 1e-10;

using DoubleMatrix = Eigen::MatrixXd;

// Independent signs: they find the directions as well as normal numbers do, and cost next to nothing.
Rows random_signs(std::size_t rows, std::size_t columns, std::uint64_t seed, const io::Executor& executor) {
  constexpr std::size_t kBits = 64;
  const train::CounterRandom random(seed, kProjectionStream);
  Rows signs(at(rows), at(columns));
  const std::size_t words = (columns + kBits - 1) / kBits;  // a row
  executor.run_ranges(rows, kRowsPerRange, [&](std::size_t begin, std::size_t end) {
    for (std::size_t row = begin; row < end; ++row) {
      std::uint64_t word = 0;
      for (std::size_t column = 0; column < columns; ++column) {
        if (column % kBits == 0) word = random(row * words + column / kBits);
        signs(at(row), at(column)) = (word >> column % kBits & 1) != 0 ? 1.0F : -1.0F;
      }
    }
  });
  return signs;
}

// matrixᵀ · matrix.
DoubleMatrix gram(const Rows& matrix, const io::Executor& executor) {
  if (matrix.cols() == 0) return {};
  const auto rows = static_cast<std::size_t>(matrix.rows());
  constexpr std::size_t kRangesTogether = 16;
  constexpr std::size_t kLength = kRowsPerRange * kRangesTogether;
  const std::size_t items = (rows + kLength - 1) / kLength;
  // Some at a time, so that what they come to does not pile up.
  const std::size_t wave = std::max<std::size_t>(executor.workers(), 1) * 2;
  DoubleMatrix sum = DoubleMatrix::Zero(matrix.cols(), matrix.cols());
  std::vector<DoubleMatrix> parts(wave);
  for (std::size_t first = 0; first < items; first += wave) {
    const std::size_t count = std::min(wave, items - first);
    executor.run(count, [&](std::size_t item, unsigned) {
      DoubleMatrix& part = parts[item];
      part.setZero(matrix.cols(), matrix.cols());
      const std::size_t end = std::min((first + item + 1) * kLength, rows);
      for (std::size_t begin = (first + item) * kLength; begin < end; begin += kRowsPerRange) {
        const auto block = matrix.middleRows(at(begin), at(std::min(kRowsPerRange, end - begin)));
        Eigen::MatrixXf product(matrix.cols(), matrix.cols());
        product.setZero();
        product.selfadjointView<Eigen::Lower>().rankUpdate(block.transpose());
        part.triangularView<Eigen::Lower>() += product.cast<double>();
      }
    });
    for (std::size_t item = 0; item < count; ++item) sum.triangularView<Eigen::Lower>() += parts[item];
  }
  return sum.selfadjointView<Eigen::Lower>();
}

// matrix · right, in its place.
void multiply_in_place(Rows& matrix, const Rows& right, const io::Executor& executor) {
  Rows product(matrix.rows(), right.cols());
  const RightFactor factor(right);
  executor.run_ranges(static_cast<std::size_t>(matrix.rows()), kRowsPerRange, [&](std::size_t begin, std::size_t end) {
    Rows block(at(end - begin), at(factor.stride()));
    factor.multiply(matrix.row(at(begin)).data(), end - begin, block.data());
    product.middleRows(at(begin), at(end - begin)) = block.leftCols(right.cols());
  });
  matrix = std::move(product);
}

// Eigenvectors of a symmetric matrix by falling eigenvalue, without those that are rounding.
struct Spectrum {
  Eigen::VectorXd values;
  DoubleMatrix vectors;
};
Spectrum spectrum_of(const DoubleMatrix& symmetric, std::size_t most) {
  if (symmetric.size() == 0) return {};
  const Eigen::SelfAdjointEigenSolver<DoubleMatrix> solver(symmetric);
  const Eigen::Index size = symmetric.rows();
  const double largest = solver.eigenvalues()[size - 1];
  Eigen::Index count = 0;
  while (count < std::min(size, at(most)) && solver.eigenvalues()[size - 1 - count] > kLeastEigenvalue * largest)
    ++count;
  Spectrum spectrum{solver.eigenvalues().tail(count).reverse(),
                    solver.eigenvectors().rightCols(count).rowwise().reverse()};
  // An eigenvector has two signs: the one whose largest entry is positive.
  for (Eigen::Index column = 0; column < count; ++column) {
    Eigen::Index place = 0;
    spectrum.vectors.col(column).cwiseAbs().maxCoeff(&place);
    if (spectrum.vectors(place, column) < 0) spectrum.vectors.col(column) *= -1;
  }
  return spectrum;
}

// An orthonormal basis of the columns, in their place: what the R of a QR decomposition does, through the Gram matrix,
// which is small, and so that columns that depend on others go.
void orthonormalise(Rows& matrix, const io::Executor& executor) {
  const Spectrum spectrum = spectrum_of(gram(matrix, executor), static_cast<std::size_t>(matrix.cols()));
  const DoubleMatrix change = spectrum.vectors * spectrum.values.cwiseSqrt().cwiseInverse().asDiagonal();
  multiply_in_place(matrix, change.cast<float>(), executor);
}

}  // namespace

LatentSpace find_latent_space(const TermMatrix& texts, const TermMatrix& words, std::size_t rank, std::uint64_t seed,
                              const io::Executor& executor) {
  const std::size_t most = std::min(texts.rows(), texts.columns());
  const std::size_t width = std::min(rank + kExtra, most);
  Rows basis;
  texts.multiply(random_signs(texts.columns(), width, seed, executor), basis, executor);
  Rows by_word;
  for (int iteration = 0; iteration < kPowerIterations; ++iteration) {
    orthonormalise(basis, executor);
    words.multiply(basis, by_word, executor);
    texts.multiply(by_word, basis, executor);
  }
  orthonormalise(basis, executor);
  words.multiply(basis, by_word, executor);  // (QᵀX)ᵀ
  const Spectrum spectrum = spectrum_of(gram(by_word, executor), rank);
  LatentSpace space;
  for (Eigen::Index i = 0; i < spectrum.values.size(); ++i) {
    space.singular_values.push_back(std::sqrt(spectrum.values[i]));
  }
  const DoubleMatrix change = spectrum.vectors * spectrum.values.cwiseSqrt().asDiagonal();
  multiply_in_place(basis, change.cast<float>(), executor);
  space.texts = std::move(basis);
  return space;
}

void normalise_rows(Rows& rows, const io::Executor& executor) {
  executor.run_ranges(static_cast<std::size_t>(rows.rows()), kRowsPerRange, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      const float length = rows.row(at(i)).norm();
      if (length > 0) rows.row(at(i)) /= length;
    }
  });
}

}  // namespace textlambda::topics
