// What a gate is told, as it is typed and as a baseline keeps it; validated here and nowhere else.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "textlambda/metrics/metric_name.h"

namespace textlambda::gate {

// What to do where the examples do not tell.
enum class OnInconclusive {
  pass,  // nothing is said of it
  warn,  // passes, with a warning
  fail,  // exit status 3: the gate becomes a test of "not worse than allowed"
};

// As typed. What is empty or unset was not given.
struct GateSettings {
  std::vector<std::string> max_drop;  // "accuracy=0.5pp"
  std::vector<std::string> min;       // "recall[spam]=0.95"
  std::vector<std::string> max;       // "ece=0.05"
  std::optional<double> alpha;        // one-sided error rate of REGRESSED; 0.05
  std::string on_inconclusive;        // "pass", "warn" (where empty) or "fail"
  std::vector<std::string> slices;    // columns of the test set
  std::string cluster_by;             // a column: its values are what is resampled
};

// Those of `given`, and where it gives none those of `stored`.
GateSettings with_defaults(GateSettings given, const GateSettings& stored);

struct Limit {
  metrics::MetricName metric;
  double level = 0;
  bool is_floor = true;
};

struct GateRules {
  std::vector<metrics::MetricAmount> max_drop;
  std::vector<Limit> limits;  // floors, then ceilings
  double alpha = 0.05;
  OnInconclusive on_inconclusive = OnInconclusive::warn;
  std::vector<std::string> slices;
  std::string cluster_by;

  // The columns that the test set has to be opened with: no repeats.
  std::vector<std::string> columns() const;
};

// Throws Error(usage).
GateRules parse_rules(const GateSettings& settings);
// --max-drop and --anchor-max-drop alone.
std::vector<metrics::MetricAmount> parse_margins(const std::string& option, const std::vector<std::string>& typed);

}  // namespace textlambda::gate
