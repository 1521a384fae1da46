// A gate run for machines.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "textlambda/report/report.h"

namespace textlambda::report {

// The members that to_json() gains where a run was gated: verdict, sentence, limits, checks, references, newly_wrong,
// newly_right.
nlohmann::json gate_json(const Report& report);
// An object a slice: column, value, n, accuracy, accuracy_interval, macro_f1, log_loss.
nlohmann::json slices_json(const gate::Comparison& comparison);

}  // namespace textlambda::report
