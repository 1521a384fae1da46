// Figures as sentences say them. Pure, thread-safe.
#pragma once

#include <cstdint>
#include <string>

#include "textlambda/metrics/unit.h"

namespace textlambda::gate {

// A difference, without its sign: "0.78 pp", "12.4 pp"; of a plain figure "0.0123".
std::string amount_words(double amount, metrics::Unit unit);
// A level: "93.4 %", "0.2104"; "not defined" for NaN.
std::string level_words(double level, metrics::Unit unit);

}  // namespace textlambda::gate
