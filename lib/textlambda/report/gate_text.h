// A gate run as aligned text: a line a check, the label that fell most, what is newly wrong, the verdict.
#pragma once

#include <string>

#include "textlambda/report/report.h"

namespace textlambda::report {

// Empty where the run was held against nothing.
std::string gate_text(const Report& report);

}  // namespace textlambda::report
