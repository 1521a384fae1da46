#include "textlambda/train/fit/kernels.h"

#include <cmath>
#include <cstring>
#include <random>
#include <vector>

#include "textlambda/train/fit/margin.h"

#include "tests/catch.h"

using namespace textlambda::train;

namespace {

std::vector<float> random_values(std::size_t size, std::mt19937& random, float scale) {
  std::normal_distribution<float> normal(0, scale);
  std::vector<float> values(size);
  for (float& value : values) value = normal(random);
  return values;
}

bool same_bits(const std::vector<float>& a, const std::vector<float>& b) {
  return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0);
}

}  // namespace

TEST_CASE("all versions of the kernels give the same bits, and the right sums") {
  NamedKernels list[2] = {};
  const std::size_t versions = all_kernels(list);
  std::mt19937 random(1);
  for (const std::size_t stride : {4U, 8U, 12U, 20U, 60U, 64U, 80U}) {
    for (std::size_t size = 0; size <= 40; size += 3) {
      const std::vector<float> weights = random_values(50 * stride, random, 1);
      const std::vector<float> values = random_values(size, random, 1);
      std::vector<float> step = random_values(stride, random, 1);
      for (std::size_t k = 0; k < 4 && stride > 4; ++k) step[k] = 0;  // a block that stays
      std::vector<std::uint32_t> ids(size);
      for (auto& id : ids) id = static_cast<std::uint32_t>(random() % 50);
      const SparseRow row{ids.data(), values.data(), size};
      std::vector<std::vector<float>> logits(versions, std::vector<float>(stride, 0.5F));
      std::vector<std::vector<float>> updated(versions, weights);
      for (std::size_t v = 0; v < versions; ++v) {
        list[v].kernels->accumulate(weights.data(), stride, row, logits[v].data());
        list[v].kernels->update(updated[v].data(), stride, row, step.data());
        CHECK(same_bits(logits[v], logits[0]));
        CHECK(same_bits(updated[v], updated[0]));
      }
      for (std::size_t k = 0; k < stride; ++k) {
        double expected = 0.5;
        for (std::size_t i = 0; i < size; ++i)
          expected += static_cast<double>(values[i]) * weights[ids[i] * stride + k];
        CHECK(logits[0][k] == Approx(expected).epsilon(1e-4).margin(1e-4));
      }
    }
  }
}

TEST_CASE("all versions of the product give the same bits, and the right sums") {
  NamedKernels list[2] = {};
  const std::size_t versions = all_kernels(list);
  std::mt19937 random(3);
  for (const std::size_t stride : {8U, 24U, 112U}) {
    for (const std::size_t depth : {0U, 1U, 7U, 100U}) {
      for (const std::size_t rows : {0U, 1U, 8U, 21U}) {
        CAPTURE(stride, depth, rows);
        const std::vector<float> left = random_values(rows * depth, random, 1);
        const std::vector<float> right = random_values(depth * stride, random, 1);
        std::vector<std::vector<float>> products(versions, std::vector<float>(rows * stride, 0.5F));
        for (std::size_t v = 0; v < versions; ++v) {
          list[v].kernels->multiply(left.data(), rows, depth, right.data(), stride, products[v].data());
          CHECK(same_bits(products[v], products[0]));
        }
        for (std::size_t row = 0; row < rows; ++row) {
          for (std::size_t k = 0; k < stride; ++k) {
            double expected = 0;
            for (std::size_t d = 0; d < depth; ++d) {
              expected += static_cast<double>(left[row * depth + d]) * right[d * stride + k];
            }
            CHECK(products[0][row * stride + k] == Approx(expected).epsilon(1e-4).margin(1e-4));
          }
        }
      }
    }
  }
}

TEST_CASE("the block solution satisfies q = softmax(z + a·old − a·q)") {
  NamedKernels list[2] = {};
  const std::size_t versions = all_kernels(list);
  std::mt19937 random(2);
  for (const std::size_t labels : {3U, 8U, 10U, 58U, 77U, 100U}) {
    for (const float a : {0.001F, 0.3F, 3.0F, 48.0F, 400.0F}) {
      for (const float spread : {0.1F, 3.0F, 40.0F}) {
        const std::size_t lanes = (labels + kLanes - 1) / kLanes * kLanes;
        std::vector<float> logits = random_values(lanes, random, spread);
        std::vector<float> old(lanes, 0);
        if (random() % 2 == 0) {
          old[random() % labels] = 1;
        } else {
          float total = 0;
          for (std::size_t k = 0; k < labels; ++k) total += old[k] = std::exp(random_values(1, random, 2)[0]);
          for (std::size_t k = 0; k < labels; ++k) old[k] /= total;
        }
        for (std::size_t k = labels; k < lanes; ++k) logits[k] = -1e30F;
        std::vector<float> scratch(3 * lanes);
        std::vector<float> first;
        for (std::size_t v = 0; v < versions; ++v) {
          std::vector<float> q = old;
          list[v].kernels->solve_block(logits.data(), a, lanes, q.data(), scratch.data());
          if (v == 0) first = q;
          CHECK(same_bits(q, first));
        }
        std::vector<double> z(labels);
        double top = -1e300;
        for (std::size_t k = 0; k < labels; ++k) {
          z[k] = logits[k] + static_cast<double>(a) * (old[k] - first[k]);
          top = std::max(top, z[k]);
        }
        double total = 0;
        for (const double value : z) total += std::exp(value - top);
        double worst = 0;
        for (std::size_t k = 0; k < labels; ++k) {
          worst =
              std::max(worst, std::abs(std::exp(z[k] - top) / total - first[k]) / (1 + static_cast<double>(a) * 0.05));
        }
        CAPTURE(labels, a, spread);
        CHECK(worst < 2e-4);
      }
    }
  }
}

TEST_CASE("the margin satisfies m + a·σ(m) = c, where Newton's method in a bracket cycled too") {
  const auto check = [](double a, double c) {
    const double m = solve_margin(a, c);
    CAPTURE(a, c);
    CHECK(m + a * sigmoid(m) == Approx(c).epsilon(1e-7).margin(1e-6));
  };
  check(24, 20.933793530887787);
  for (const double a : {0.0, 0.01, 1.0, 8.0, 24.0, 48.0, 300.0, 5000.0}) {
    for (int step = 0; step <= 97; ++step) check(a, -30 + step * (a + 60) / 97);
    check(a, a / 2);
    check(a, -700);
    check(a, a + 700);
  }
}
