#include "textlambda/metrics/change.h"

#include <algorithm>
#include <stdexcept>

namespace textlambda::metrics {

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

}  // namespace textlambda::metrics
