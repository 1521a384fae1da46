// A text as a sparse vector: features by number, without repeats, and their values. Borrows both arrays.
#pragma once

#include <cstddef>
#include <cstdint>

namespace textlambda::features {

struct SparseRow {
  const std::uint32_t* ids = nullptr;
  const float* values = nullptr;
  std::size_t size = 0;
};

}  // namespace textlambda::features
