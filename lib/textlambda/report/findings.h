// What a run found that is no gate: drift of traffic, or an abstain threshold. In every form that --report has for it.
// Pure functions, thread-safe.
#pragma once

#include <string>
#include <vector>

#include "textlambda/drift/drift.h"
#include "textlambda/metrics/thresholds.h"

namespace textlambda::report {

struct Findings {
  enum class Outcome { passed, failed, inconclusive };
  struct Check {
    std::string name;
    bool failed = false;
    std::string sentence;
  };

  std::string about;     // "drift", "abstain threshold": names the suite and the annotations
  std::string verdict;   // "DRIFT"
  std::string sentence;  // why, in plain words
  Outcome outcome = Outcome::passed;
  std::vector<Check> checks;
  // The same in full.
  std::string text;
  std::string json;
  std::string markdown;
};

Findings findings_of(const drift::DriftReport& report);
Findings findings_of(const metrics::ThresholdChoice& choice, const metrics::ThresholdOptions& options);

std::string findings_text(const Findings& findings);
std::string findings_json(const Findings& findings);
std::string findings_markdown(const Findings& findings);
std::string findings_junit(const Findings& findings);   // a test case a check
std::string findings_github(const Findings& findings);  // workflow commands: an error, a warning or a notice each

}  // namespace textlambda::report
