#include "textlambda/features/weighting.h"

#include <cmath>
#include <cstddef>

namespace textlambda::features {

const TermWeights& term_weights() {
  static const TermWeights kWeights = [] {
    TermWeights table{};
    for (std::size_t tf = 1; tf < table.size(); ++tf)
      table[tf] = static_cast<float>(1 + std::log(static_cast<double>(tf)));
    return table;
  }();
  return kWeights;
}

}  // namespace textlambda::features
