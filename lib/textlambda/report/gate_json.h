// A gate run for machines.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "textlambda/report/report.h"

namespace textlambda::report {

// The members that to_json() gains where a run was gated: verdict, sentence, limits, checks, references, newly_wrong,
// newly_right, slices.
nlohmann::json gate_json(const Report& report);

}  // namespace textlambda::report
