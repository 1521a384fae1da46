#include "textlambda/train/matrix_memory.h"

#include <algorithm>
#include <cstdint>

#include "tests/catch.h"

using namespace textlambda::train;

TEST_CASE("memory of matrices begins at a cache line and is zero, again and again") {
  constexpr std::size_t kHugePage = std::size_t{2} << 20;
  for (const std::size_t bytes : {std::size_t{1}, std::size_t{100}, kHugePage - 4, kHugePage, 3 * kHugePage + 4}) {
    for (int time = 0; time < 3; ++time) {
      CAPTURE(bytes, time);
      auto* const memory = static_cast<unsigned char*>(allocate_matrix(bytes));
      CHECK(reinterpret_cast<std::uintptr_t>(memory) % 64 == 0);
      CHECK(std::all_of(memory, memory + bytes, [](unsigned char byte) { return byte == 0; }));
      std::fill_n(memory, bytes, static_cast<unsigned char>(0xA5));
      free_matrix(memory, bytes);
    }
  }
}

TEST_CASE("vectors of it are zero without a value, and hold what they are given") {
  for (const std::size_t size : {std::size_t{7}, std::size_t{1} << 20}) {
    const MatrixVector<float> zeros(size);
    CHECK(std::all_of(zeros.begin(), zeros.end(), [](float value) { return value == 0; }));
    const MatrixVector<float> twos(size, 2);
    CHECK(std::all_of(twos.begin(), twos.end(), [](float value) { return value == 2; }));
    const MatrixVector<float> copy(twos);  // NOLINT(performance-unnecessary-copy-initialization): the copy is the test
    CHECK(copy == twos);
  }
}
