// What a round came to, for programs.
#pragma once

#include <string>

#include "textlambda/retrain/round.h"

namespace textlambda::retrain {

// One JSON object on one line: the ledger's entry, with `status` for its outcome, and `repeated`, `warnings`;
// docs/json.md. A pure function.
std::string to_json(const RoundResult& result);

}  // namespace textlambda::retrain
