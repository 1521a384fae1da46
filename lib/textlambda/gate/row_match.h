// Two runs over what should be one test set, joined example by example.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "textlambda/gate/comparison.h"
#include "textlambda/metrics/judged_rows.h"

namespace textlambda::gate {

struct RowPair {
  std::uint32_t before = 0;  // index into the rows of the earlier run
  std::uint32_t after = 0;
};

struct RowMatch {
  std::vector<RowPair> pairs;  // rows with the same text and the same true label, in canonical order
  DatasetChange change;
};

// Rows belong together whose texts have the same hash: of several, first those with the same label, in the order of
// their occurrence; of what then is left on both sides of a hash, each pair is one relabelled row. The order in which a
// test set stands does not matter. Both sides in canonical order (put_in_order). Rows of an old baseline, told by their
// bytes, are held against the exact hashes of the other side; throws Error(mismatch) where that has none. Pure,
// thread-safe.
RowMatch match_rows(const metrics::JudgedRows& before, const metrics::JudgedRows& after);

}  // namespace textlambda::gate
