// The solver's hand-written kernels beside the same as Eigen expressions, on rows of a corpus's shape: what they were
// kept for. Prints a table, the medians of 15 runs each; every pair is checked to give the same bits.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <random>
#include <vector>

#include <Eigen/Core>

#include "textlambda/train/fit/kernels.h"

namespace {

using Clock = std::chrono::steady_clock;
using Matrix = Eigen::Array<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

constexpr std::size_t kFeatures = 100000;
constexpr std::size_t kDocuments = 2000;
constexpr std::size_t kRowSize = 120;

// `prepare` is not timed.
template <typename Prepare, typename Work>
double microseconds_a_document(Prepare&& prepare, Work&& work) {
  std::vector<double> times;
  for (int run = 0; run < 15; ++run) {
    prepare();
    const Clock::time_point start = Clock::now();
    work();
    times.push_back(std::chrono::duration<double, std::micro>(Clock::now() - start).count() / kDocuments);
  }
  std::nth_element(times.begin(), times.begin() + 7, times.end());
  return times[7];
}

bool same_bits(const float* a, const float* b, Eigen::Index size) {
  return std::memcmp(a, b, static_cast<std::size_t>(size) * sizeof(float)) == 0;
}

struct Rows {
  Rows() : ids(kDocuments * kRowSize), values(ids.size()) {
    std::mt19937 random(1);
    for (std::uint32_t& id : ids) id = static_cast<std::uint32_t>(random() % kFeatures);
    for (float& value : values) value = static_cast<float>(random() % 1000) / 1000;
  }
  textlambda::train::SparseRow operator[](std::size_t document) const {
    return {&ids[document * kRowSize], &values[document * kRowSize], kRowSize};
  }
  std::vector<std::uint32_t> ids;
  std::vector<float> values;
};

}  // namespace

int main() {
  const Rows rows;
  textlambda::train::NamedKernels versions[2];
  const std::size_t version_count = textlambda::train::all_kernels(versions);
  std::printf("%-12s%-12s%8s%14s%14s%8s\n", "", "kernel", "labels", "kernel µs", "Eigen µs", "ratio");
  for (const Eigen::Index stride : {4, 8, 20, 80, 304}) {
    Matrix weights = Matrix::Random(kFeatures, stride);
    Eigen::ArrayXf logits = Eigen::ArrayXf::Zero(stride);
    Eigen::ArrayXf expected = logits;
    const Eigen::ArrayXf step = Eigen::ArrayXf::Random(stride);
    const double eigen_accumulate =
        microseconds_a_document([&] { expected.setZero(); },
                                [&] {
                                  for (std::size_t document = 0; document < kDocuments; ++document) {
                                    const auto row = rows[document];
                                    for (std::size_t i = 0; i < row.size; ++i)
                                      expected += row.values[i] * weights.row(row.ids[i]).transpose();
                                  }
                                });
    Matrix updated = weights;
    const double eigen_update =
        microseconds_a_document([&] { updated = weights; },
                                [&] {
                                  for (std::size_t document = 0; document < kDocuments; ++document) {
                                    const auto row = rows[document];
                                    for (std::size_t i = 0; i < row.size; ++i)
                                      updated.row(row.ids[i]) -= row.values[i] * step.transpose();
                                  }
                                });
    for (std::size_t version = 0; version < version_count; ++version) {
      const textlambda::train::Kernels& kernels = *versions[version].kernels;
      const double accumulate = microseconds_a_document(
          [&] { logits.setZero(); },
          [&] {
            for (std::size_t document = 0; document < kDocuments; ++document) {
              kernels.accumulate(weights.data(), static_cast<std::size_t>(stride), rows[document], logits.data());
            }
          });
      Matrix own = weights;
      const double update = microseconds_a_document(
          [&] { own = weights; },
          [&] {
            for (std::size_t document = 0; document < kDocuments; ++document) {
              kernels.update(own.data(), static_cast<std::size_t>(stride), rows[document], step.data());
            }
          });
      if (!same_bits(logits.data(), expected.data(), stride) || !same_bits(own.data(), updated.data(), own.size())) {
        std::fprintf(stderr, "bench_algebra: %s gives other bits than Eigen for %td labels\n", versions[version].name,
                     stride);
        return 1;
      }
      std::printf("%-12s%-12s%8td%14.2f%14.2f%8.2f\n", versions[version].name, "accumulate", stride, accumulate,
                  eigen_accumulate, eigen_accumulate / accumulate);
      std::printf("%-12s%-12s%8td%14.2f%14.2f%8.2f\n", versions[version].name, "update", stride, update, eigen_update,
                  eigen_update / update);
    }
  }
  return 0;
}
