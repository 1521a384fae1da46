// The report of a replay as people read it.
#pragma once

#include <string>

#include "textlambda/replay/summary.h"

namespace textlambda::command {

// The table by source, accuracy, agreement, and the first of what failed or differs.
std::string replay_text(const replay::Report& report);
// The first of what failed or differs, alone; empty where nothing did.
std::string replay_findings(const replay::Report& report);

}  // namespace textlambda::command
