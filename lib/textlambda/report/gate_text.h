// A gate run as aligned text: a line a check, the label that fell most, what is newly wrong, the verdict.
#pragma once

#include <string>

#include "textlambda/report/report.h"

namespace textlambda::report {

// Of a run that was held against nothing: its slices and warnings, where it has any.
std::string gate_text(const Report& report);

}  // namespace textlambda::report
