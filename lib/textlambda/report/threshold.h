// What became of the search for an abstain threshold, for people and for machines.
#pragma once

#include <string>

#include "textlambda/metrics/thresholds.h"

namespace textlambda::report {

// One line without its end: what was found, or why nothing was.
std::string threshold_sentence(const metrics::ThresholdChoice& choice, const metrics::ThresholdOptions& options);

std::string to_text(const metrics::ThresholdChoice& choice, const metrics::ThresholdOptions& options);
std::string to_markdown(const metrics::ThresholdChoice& choice, const metrics::ThresholdOptions& options);

// One JSON object, indented: attained, threshold (null where not attained), max_risk, alpha, n, accepted, coverage,
// wrong, risk, risk_bound, risk_without (with no threshold), fewest.
std::string to_json(const metrics::ThresholdChoice& choice, const metrics::ThresholdOptions& options);

}  // namespace textlambda::report
