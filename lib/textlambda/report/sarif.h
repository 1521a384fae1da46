// A gate run as SARIF 2.1.0 (OASIS standard, 2020): newly wrong rows at their place in the test set, for code-scanning
// views, and the checks that failed.
#pragma once

#include <string>

#include "textlambda/report/report.h"

namespace textlambda::report {

// GitHub shows 5,000 results of a run; the rest is counted in a notification.
inline constexpr std::size_t kMostSarifResults = 5000;

std::string to_sarif(const Report& report);

}  // namespace textlambda::report
