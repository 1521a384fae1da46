// Many questions asked of one set of data: S. Holm, "A simple sequentially rejective multiple test procedure",
// Scandinavian Journal of Statistics 6, 1979.
#pragma once

#include <span>
#include <vector>

namespace textlambda::stats {

// Holm's adjusted p values, in the order given: rejecting those ≤ alpha rejects any true hypothesis with a probability
// of at most alpha, however the questions depend on each other. Pure; std::domain_error for a p outside [0, 1].
std::vector<double> holm_adjusted(std::span<const double> p);

}  // namespace textlambda::stats
