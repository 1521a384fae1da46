// The rule that turns a measured change into a verdict. Pure, thread-safe.
#pragma once

#include <string_view>

#include "textlambda/metrics/change.h"

namespace textlambda::gate {

enum class Verdict { pass, improved, inconclusive, regressed };

std::string_view verdict_name(Verdict verdict);  // "PASS", "IMPROVED", "INCONCLUSIVE", "REGRESSED"

// The first of these that holds. A bound or p that is NaN leaves it inconclusive.
//   REGRESSED     U < −margin and p ≤ alpha: even the hopeful end is below what is allowed. Said of a loss of exactly
//                 the margin, or of a smaller one, with a probability of at most alpha.
//   IMPROVED      L > 0
//   PASS          L > −margin
//   INCONCLUSIVE  otherwise
Verdict judge_change(const metrics::Change& change, double margin, double alpha);

}  // namespace textlambda::gate
