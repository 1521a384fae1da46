// The inner loops of the multinomial solver, written for eight lanes. kernels() chooses the widest version that this
// processor runs; all versions give the same bits.
#pragma once

#include <cstddef>
#include <cstdint>

#include "textlambda/features/sparse_row.h"

namespace textlambda::train {

// Vectors over the labels are padded to a multiple of this.
inline constexpr std::size_t kLanes = 8;

using features::SparseRow;

struct Kernels {
  // logits[0, stride) += Σ values[i] · weights[ids[i] · stride + …]; stride a multiple of 4.
  void (*accumulate)(const float* weights, std::size_t stride, SparseRow row, float* logits);

  // weights[ids[i] · stride + …] −= values[i] · step[…], for the eight-lane blocks of `step` that are not all zero.
  void (*update)(float* weights, std::size_t stride, SparseRow row, const float* step);

  // One block of dual coordinate ascent: writes to `probabilities` the q that solves q = softmax(logits + a·old − a·q),
  // where `old` is what `probabilities` held. `lanes` is a multiple of kLanes; padding lanes hold logits of −1e30 and
  // probabilities of 0. scratch: 3 · lanes floats. See solver.h.
  void (*solve_block)(const float* logits, float a, std::size_t lanes, float* probabilities, float* scratch);
};

const Kernels& kernels();

// All versions that this processor runs, the baseline first: for tests.
struct NamedKernels {
  const char* name;
  const Kernels* kernels;
};
std::size_t all_kernels(NamedKernels (&list)[2]);

}  // namespace textlambda::train
