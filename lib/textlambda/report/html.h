// A gate run, or an evaluation alone, as one self-contained HTML page.
#pragma once

#include <string>

#include "textlambda/report/report.h"

namespace textlambda::report {

// Opens without a network; reads without scripts, which add sorting, the way from the confusion matrix into examples,
// and charts (reliability, precision and recall, risk and coverage). The same bytes for the same report.
std::string to_html(const Report& report);

}  // namespace textlambda::report
