#pragma once

namespace textlambda::metrics {

// How a figure reads.
enum class Unit {
  share,  // a fraction: shown in percent, differences in percentage points
  plain,  // a number of its own scale: log-loss, Brier score
};

}  // namespace textlambda::metrics
