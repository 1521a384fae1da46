#include "textlambda/evaluate/verdict.h"

#include <algorithm>
#include <stdexcept>

namespace textlambda::evaluate {

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

Change share_change(const stats::PairedCounts& counts, double margin, double alpha) {
  if (!(margin >= 0 && margin < 1)) throw std::domain_error("margin outside [0, 1)");
  Change change;
  change.estimate = stats::paired_difference(counts);
  change.bounds = stats::tango_interval(counts, alpha);
  change.p = stats::tango_p(counts, -margin);
  if (margin == 0) {
    change.p = std::max(change.p, stats::mcnemar_exact_p(counts));
  } else if (change.p <= alpha) {
    change.p = std::max(change.p, stats::tango_exact_p(counts, -margin));
  }
  return change;
}

Verdict judge_change(const Change& change, double margin, double alpha) {
  if (change.bounds.high < -margin && change.p <= alpha) return Verdict::regressed;
  if (change.bounds.low > 0) return Verdict::improved;
  if (change.bounds.low > -margin) return Verdict::pass;
  return Verdict::inconclusive;
}

}  // namespace textlambda::evaluate
