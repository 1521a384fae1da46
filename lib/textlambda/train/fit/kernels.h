// The inner loops of the multinomial solver, and of the products of topics/, written for eight lanes. kernels() chooses
// the widest version that this processor runs; all versions give the same bits.
#pragma once

#include <cstddef>
#include <cstdint>

#include "textlambda/features/sparse_row.h"

namespace textlambda::train {

// Vectors over the labels are padded to a multiple of this.
inline constexpr std::size_t kLanes = 8;

using features::SparseRow;

// Where the weights of a feature stand that has some for a part of the labels only (weight_pattern.h).
struct PatternRow {
  std::uint64_t values = 0;  // of its first weight
  std::uint64_t places = 0;  // of its first label, or word
  std::uint32_t count = 0;   // of weights; as many as there are labels: it has all, and no places
  std::uint32_t words = 0;   // 0 where its labels are listed, else so many words have a bit a label
};
struct PatternWord {
  std::uint64_t bits = 0;
  std::uint32_t before = 0;  // bits of the row's earlier words
};
struct PatternView {
  const PatternRow* rows = nullptr;  // a feature
  const std::uint32_t* labels = nullptr;
  const PatternWord* words = nullptr;
  std::size_t label_count = 0;
};

// Some of the labels.
struct Shortlist {
  const std::uint32_t* labels = nullptr;
  std::size_t size = 0;  // at most kMostListed

  static constexpr std::size_t kMostListed = 256;
};

struct Kernels {
  // logits[0, stride) += Σ values[i] · weights[ids[i] · stride + …]; stride a multiple of 4.
  void (*accumulate)(const float* weights, std::size_t stride, SparseRow row, float* logits);

  // products[r · stride + …] = Σ left[r · depth + d] · right[d · stride + …], d rising, for each of the rows r; stride
  // a multiple of kLanes.
  void (*multiply)(const float* left, std::size_t rows, std::size_t depth, const float* right, std::size_t stride,
                   float* products);

  // weights[ids[i] · stride + …] −= values[i] · step[…], for the eight-lane blocks of `step` that are not all zero.
  void (*update)(float* weights, std::size_t stride, SparseRow row, const float* step);

  // The same for weights of a pattern and some labels: logits[t] += Σ values[i] · weight(ids[i], list.labels[t]).
  // `by_label` has a number a label, of no meaning before and after. The array of weights has one more than there are.
  void (*accumulate_listed)(const float* weights, PatternView pattern, SparseRow row, Shortlist list, float* logits,
                            float* by_label);

  // weight(ids[i], k) −= values[i] · step[k]. `step` has a number a label, 0 for those not listed.
  void (*update_listed)(float* weights, PatternView pattern, SparseRow row, Shortlist list, const float* step);

  // One block of dual coordinate ascent: writes to `probabilities` the q that solves q = softmax(logits + a·old − a·q),
  // where `old` is what `probabilities` held. `lanes` is a multiple of kLanes; padding lanes hold logits of −1e30 and
  // probabilities of 0. scratch: 3 · lanes floats. See solver.h.
  void (*solve_block)(const float* logits, float a, std::size_t lanes, float* probabilities, float* scratch);

  // KL(probabilities ‖ softmax(logits)), at least 0; lanes and padding as above.
  float (*divergence)(const float* logits, const float* probabilities, std::size_t lanes);
};

const Kernels& kernels();

// All versions that this processor runs, the baseline first: for tests.
struct NamedKernels {
  const char* name;
  const Kernels* kernels;
};
std::size_t all_kernels(NamedKernels (&list)[2]);

}  // namespace textlambda::train
