// A gate run as JUnit XML: a test case a check, so that the CI system's own view shows and remembers each metric and
// slice.
#pragma once

#include <string>

#include "textlambda/report/report.h"

namespace textlambda::report {

// REGRESSED and a missed limit are failures, INCONCLUSIVE is skipped, all else passed. A run that was asked nothing has
// one case, which passed.
std::string to_junit(const Report& report);

}  // namespace textlambda::report
