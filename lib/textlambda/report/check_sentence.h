// The checks of a gate run as every report says them, in plain text. Pure functions.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "textlambda/gate/comparison.h"

namespace textlambda::report {

// What a report that is read by people shows of the checks: the limits, then the relative ones, `most` of both.
// Views into the comparison.
struct ShownChecks {
  std::span<const gate::LimitCheck> limits;
  std::span<const gate::RelativeCheck> checks;
  std::size_t more = 0;  // that are not shown
};
ShownChecks first_checks(const gate::Comparison& comparison, std::size_t most);

std::string limit_text(const gate::LimitCheck& check);      // "at least 95.0 %"
std::string change_text(const gate::RelativeCheck& check);  // "−1.50 pp (−2.13 … −0.91)"
// "accuracy 93.4 % → 91.9 %, −1.50 pp (−2.13 … −0.91), a loss of 0.5 pp is allowed"
std::string check_sentence(const gate::RelativeCheck& check);
// "recall[spam] is 91.2 %, at least 95.0 % is asked for"
std::string check_sentence(const gate::LimitCheck& check);
// PASS, BELOW FLOOR or ABOVE CEILING.
std::string_view limit_verdict(const gate::LimitCheck& check);
// A flip: "billing: was taken for billing (0.53), now for refunds (0.51)"
std::string flip_sentence(const gate::Flip& flip);

}  // namespace textlambda::report
