#include "textlambda/report/github.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "textlambda/report/check_sentence.h"
#include "textlambda/report/display_width.h"
#include "textlambda/report/escape.h"

namespace textlambda::report {
namespace {

using gate::Comparison;
using gate::RelativeCheck;
using gate::Verdict;

constexpr std::size_t kMessageTextWidth = 300;

// `total` counts those beyond `annotations` too.
std::string commands(std::string_view type, const std::vector<Annotation>& annotations, std::size_t total) {
  const std::size_t shown =
      total <= kAnnotationsOfAType ? annotations.size() : std::min(annotations.size(), kAnnotationsOfAType - 1);
  std::string text;
  for (std::size_t i = 0; i < shown; ++i) text += workflow_command(type, annotations[i]);
  if (shown < total) text += workflow_command(type, {"textlambda", fmt::format("{} more", total - shown), {}});
  return text;
}

std::vector<Annotation> errors(const Comparison& comparison) {
  std::vector<Annotation> list;
  for (const gate::LimitCheck& check : comparison.limits) {
    if (!check.met)
      list.push_back({fmt::format("{}: {}", limit_verdict(check), check.metric), check_sentence(check), {}});
  }
  std::vector<const RelativeCheck*> failed;
  for (const RelativeCheck& check : comparison.checks) {
    if (check.fails()) failed.push_back(&check);
  }
  std::stable_sort(failed.begin(), failed.end(),
                   [](const RelativeCheck* a, const RelativeCheck* b) { return a->holm_p < b->holm_p; });
  for (const RelativeCheck* check : failed) list.push_back({"REGRESSED: " + check->metric, check_sentence(*check), {}});
  return list;
}

std::vector<Annotation> warnings(const Comparison& comparison) {
  std::vector<Annotation> list;
  for (const RelativeCheck& check : comparison.checks) {
    if (check.verdict == Verdict::inconclusive && check.named) {
      list.push_back({"INCONCLUSIVE: " + check.metric, check_sentence(check), {}});
    }
  }
  for (const std::string& warning : comparison.warnings) list.push_back({"textlambda", warning, {}});
  return list;
}

std::vector<Annotation> notices(const Report& report) {
  const Comparison& comparison = report.comparison;
  std::vector<Annotation> list;
  if (comparison.decision == gate::Decision::pass || comparison.decision == gate::Decision::improved) {
    list.push_back({std::string(gate::decision_name(comparison.decision)), comparison.sentence, {}});
  }
  for (const gate::Flip& flip : comparison.newly_wrong) {
    if (list.size() == kAnnotationsOfAType) break;
    std::string message = flip_sentence(flip);
    if (report.texts && !flip.row.text.empty()) message += "\n" + printable(flip.row.text, kMessageTextWidth);
    list.push_back({"newly wrong", message, flip.row.location});
  }
  return list;
}

}  // namespace

std::string workflow_command(std::string_view type, const Annotation& annotation) {
  std::string properties;
  if (!annotation.location.file.empty()) {
    properties = fmt::format("file={},line={},", escape_workflow_property(annotation.location.file),
                             std::max<std::uint64_t>(annotation.location.line, 1));
  }
  return fmt::format("::{} {}title={}::{}\n", type, properties, escape_workflow_property(annotation.title),
                     escape_workflow_message(annotation.message));
}

std::string to_github(const Report& report) {
  const Comparison& comparison = report.comparison;
  const std::vector<Annotation> failed = errors(comparison);
  const std::vector<Annotation> doubtful = warnings(comparison);
  const std::vector<Annotation> noted = notices(report);
  const bool good = comparison.decision == gate::Decision::pass || comparison.decision == gate::Decision::improved;
  return commands("error", failed, failed.size()) + commands("warning", doubtful, doubtful.size()) +
         commands("notice", noted, comparison.newly_wrong.size() + (good ? 1 : 0));
}

}  // namespace textlambda::report
