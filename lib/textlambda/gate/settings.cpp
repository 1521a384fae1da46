#include "textlambda/gate/settings.h"

#include <algorithm>
#include <utility>

#include "textlambda/io/error.h"

namespace textlambda::gate {
namespace {

using metrics::MetricAmount;

void add_limits(const char* option, const std::vector<std::string>& typed, bool is_floor, std::vector<Limit>& limits) {
  for (const std::string& text : typed) {
    MetricAmount parsed = metrics::parse_limit(option, text);
    limits.push_back({std::move(parsed.metric), parsed.amount, is_floor});
  }
}

OnInconclusive parse_on_inconclusive(const std::string& text) {
  if (text.empty() || text == "warn") return OnInconclusive::warn;
  if (text == "pass") return OnInconclusive::pass;
  if (text == "fail") return OnInconclusive::fail;
  io::throw_usage("--on-inconclusive " + text + ": expected pass, warn or fail");
}

void add_once(const std::string& name, std::vector<std::string>& names) {
  if (!name.empty() && std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
}

}  // namespace

GateSettings with_defaults(GateSettings given, const GateSettings& stored) {
  if (given.max_drop.empty()) given.max_drop = stored.max_drop;
  if (given.min.empty()) given.min = stored.min;
  if (given.max.empty()) given.max = stored.max;
  if (!given.alpha) given.alpha = stored.alpha;
  if (given.on_inconclusive.empty()) given.on_inconclusive = stored.on_inconclusive;
  if (given.slices.empty()) given.slices = stored.slices;
  if (given.cluster_by.empty()) given.cluster_by = stored.cluster_by;
  return given;
}

std::vector<std::string> GateRules::columns() const {
  std::vector<std::string> names;
  for (const std::string& slice : slices) add_once(slice, names);
  add_once(cluster_by, names);
  for (const MetricAmount& margin : max_drop) add_once(margin.metric.column, names);
  for (const Limit& limit : limits) add_once(limit.metric.column, names);
  return names;
}

std::vector<MetricAmount> parse_margins(const std::string& option, const std::vector<std::string>& typed) {
  std::vector<MetricAmount> margins;
  for (const std::string& text : typed) {
    MetricAmount margin = metrics::parse_margin(option, text);
    const bool twice = std::any_of(margins.begin(), margins.end(),
                                   [&](const MetricAmount& other) { return other.metric == margin.metric; });
    if (twice) io::throw_usage(option + " " + text + ": " + to_string(margin.metric) + " is given twice");
    margins.push_back(std::move(margin));
  }
  return margins;
}

GateRules parse_rules(const GateSettings& settings) {
  GateRules rules;
  rules.max_drop = parse_margins("--max-drop", settings.max_drop);
  add_limits("--min", settings.min, true, rules.limits);
  add_limits("--max", settings.max, false, rules.limits);
  rules.alpha = settings.alpha.value_or(0.05);
  // A one-sided bound above one half would lie on the wrong side of the estimate.
  if (!(rules.alpha > 0 && rules.alpha < 0.5)) {
    io::throw_usage("--alpha " + std::to_string(rules.alpha) + ": expected a one-sided error rate between 0 and 0.5");
  }
  rules.on_inconclusive = parse_on_inconclusive(settings.on_inconclusive);
  for (const std::string& slice : settings.slices) {
    if (slice.empty()) io::throw_usage("--slice: expected a column's name");
    add_once(slice, rules.slices);
  }
  rules.cluster_by = settings.cluster_by;
  return rules;
}

}  // namespace textlambda::gate
