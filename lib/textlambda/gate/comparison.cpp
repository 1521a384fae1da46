#include "textlambda/gate/comparison.h"

namespace textlambda::gate {

std::string_view decision_name(Decision decision) {
  switch (decision) {
    case Decision::below_floor:
      return "BELOW FLOOR";
    case Decision::regressed:
      return "REGRESSED";
    case Decision::inconclusive:
      return "INCONCLUSIVE";
    case Decision::improved:
      return "IMPROVED";
    case Decision::pass:
      return "PASS";
  }
  return "";
}

}  // namespace textlambda::gate
