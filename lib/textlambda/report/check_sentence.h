// A check of a gate run in one line of plain text, for the reports that have no table. Pure functions.
#pragma once

#include <string>
#include <string_view>

#include "textlambda/evaluate/comparison.h"

namespace textlambda::report {

// "accuracy 93.4 % → 91.9 %, −1.50 pp (−2.13 … −0.91), a loss of 0.5 pp is allowed"
std::string check_sentence(const evaluate::RelativeCheck& check);
// "recall[spam] is 91.2 %, at least 95.0 % is asked for"
std::string check_sentence(const evaluate::LimitCheck& check);
// PASS, BELOW FLOOR or ABOVE CEILING.
std::string_view limit_verdict(const evaluate::LimitCheck& check);
// A flip: "billing: was taken for billing (0.53), now for refunds (0.51)"
std::string flip_sentence(const evaluate::Flip& flip);

}  // namespace textlambda::report
