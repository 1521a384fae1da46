#include "textlambda/gate/verdict.h"

namespace textlambda::gate {

std::string_view verdict_name(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass:
      return "PASS";
    case Verdict::improved:
      return "IMPROVED";
    case Verdict::inconclusive:
      return "INCONCLUSIVE";
    case Verdict::regressed:
      return "REGRESSED";
  }
  return "";
}

Verdict judge_change(const metrics::Change& change, double margin, double alpha) {
  if (change.bounds.high < -margin && change.p <= alpha) return Verdict::regressed;
  if (change.bounds.low > 0) return Verdict::improved;
  if (change.bounds.low > -margin) return Verdict::pass;
  return Verdict::inconclusive;
}

}  // namespace textlambda::gate
