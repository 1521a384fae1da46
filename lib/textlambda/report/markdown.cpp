#include "textlambda/report/markdown.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "textlambda/report/check_sentence.h"
#include "textlambda/report/display_width.h"
#include "textlambda/report/escape.h"
#include "textlambda/report/figure_text.h"
#include "textlambda/text/count.h"

namespace textlambda::report {
namespace {

using gate::Comparison;
using gate::LabelChange;
using gate::LimitCheck;
using gate::Reference;
using gate::RelativeCheck;
using gate::Verdict;

constexpr std::size_t kMarkdownNameWidth = 60;
constexpr std::size_t kCellTextWidth = 200;
constexpr std::size_t kMarkdownChecks = 50;
constexpr std::size_t kLabelsShown = 10;
constexpr std::size_t kMarkdownFlips = 20;

std::string name(std::string_view text) { return markdown_code(text, kMarkdownNameWidth); }

// What is worth a mark in a list of many lines; the word stands beside it.
std::string_view mark(bool failed, bool doubtful) { return failed ? "❌" : doubtful ? "⚠️" : "✅"; }

std::string markdown_headline(const Report& report) {
  const Comparison& comparison = report.comparison;
  const metrics::Metrics& metrics = report.evaluation.metrics;
  if (!comparison.asked()) {
    return fmt::format("### Accuracy {} {}, {} of {}\n\n", share_text(metrics.accuracy),
                       share_range(metrics.accuracy_interval), text::grouped(metrics.correct),
                       text::counted(metrics.n, "example"));
  }
  const bool failed =
      comparison.decision == gate::Decision::regressed || comparison.decision == gate::Decision::below_floor;
  const bool doubtful = comparison.decision == gate::Decision::inconclusive;
  return fmt::format("### {} {}\n\n{}\n\n", mark(failed, doubtful), gate::decision_name(comparison.decision),
                     markdown_text(comparison.sentence));
}

std::string checks(const Comparison& comparison) {
  if (comparison.limits.empty() && comparison.checks.empty()) return "";
  std::string text = "| | metric | before | now | change | allowed |\n|---|---|---:|---:|---:|---|\n";
  const ShownChecks shown = first_checks(comparison, kMarkdownChecks);
  for (const LimitCheck& check : shown.limits) {
    text += fmt::format("| {} | {} | | {} | | {} |\n", mark(!check.met, false), name(check.metric),
                        figure_text(check.unit, check.value), limit_text(check));
  }
  for (const RelativeCheck& check : shown.checks) {
    text += fmt::format("| {} {} | {} | {} | {} | {} | {} {} |\n",
                        mark(check.fails(), check.verdict == Verdict::inconclusive), gate::verdict_name(check.verdict),
                        name(check.metric), figure_text(check.unit, check.before), figure_text(check.unit, check.after),
                        change_text(check), check.lower_is_better ? "+" : "−", amount_text(check.unit, check.margin));
  }
  if (shown.more > 0) text += fmt::format("\n… and {} more\n", shown.more);
  return text + "\n";
}

std::string identities(const Report& report) {
  const Comparison& comparison = report.comparison;
  std::string text = name(comparison.candidate.name);
  for (const Reference& reference : comparison.references) {
    text += fmt::format(" against {}: {} newly wrong, {} newly right;", name(reference.identity.name),
                        text::grouped(reference.flips.newly_wrong), text::grouped(reference.flips.newly_right));
  }
  return text + fmt::format(" {}\n\n", text::counted(report.evaluation.metrics.n, "example"));
}

std::string notes(const Comparison& comparison) {
  std::string text;
  for (const Reference& reference : comparison.references) {
    const gate::DatasetChange& change = reference.dataset;
    if (!change.any()) continue;
    text += fmt::format("- ⚠️ the test set is not that of {}: {} added, {} removed, {} relabelled; {} compared\n",
                        name(reference.identity.name), text::grouped(change.added), text::grouped(change.removed),
                        text::grouped(change.relabelled), text::grouped(change.compared));
  }
  for (std::size_t i = 0; i < comparison.warnings.size(); ++i) {
    if (i == kLabelsShown) {
      text += fmt::format("- … and {} more warnings\n", comparison.warnings.size() - i);
      break;
    }
    text += "- ⚠️ " + markdown_text(comparison.warnings[i]) + "\n";
  }
  return text.empty() ? "" : text + "\n";
}

std::string fallen_labels(const Comparison& comparison) {
  if (comparison.references.empty()) return "";
  std::string text;
  std::size_t shown = 0;
  for (const LabelChange& label : comparison.references.front().labels) {
    if (label.support == 0 || label.recall_after >= label.recall_before || shown++ == kLabelsShown) break;
    text += fmt::format("| {} | {} | {} → {} | {} → {} |\n", name(label.label), text::grouped(label.support),
                        share_text(label.recall_before), share_text(label.recall_after),
                        share_text(label.precision_before), share_text(label.precision_after));
  }
  if (text.empty()) return "";
  return "<details><summary>Labels whose recall fell most</summary>\n\n| label | examples | recall | precision |\n"
         "|---|---:|---|---|\n" +
         text + "\n</details>\n\n";
}

std::string newly_wrong(const Report& report) {
  const std::vector<gate::Flip>& flips = report.comparison.newly_wrong;
  if (flips.empty()) return "";
  std::string text = fmt::format("<details><summary>{} newly wrong</summary>\n\n| where | label | before | now |{}\n",
                                 text::grouped(flips.size()), report.texts ? " text |" : "");
  text += report.texts ? "|---|---|---|---|---|\n" : "|---|---|---|---|\n";
  for (std::size_t i = 0; i < std::min(flips.size(), kMarkdownFlips); ++i) {
    const gate::Flip& flip = flips[i];
    text +=
        fmt::format("| {} | {} | {} {:.2f} | {} {:.2f} |",
                    name(fmt::format("{}:{}", flip.row.location.file, flip.row.location.line)), name(flip.row.truth),
                    name(flip.predicted_before), flip.confidence_before, name(flip.row.predicted), flip.row.confidence);
    if (report.texts) text += " " + markdown_code(flip.row.text, kCellTextWidth) + " |";
    text += "\n";
  }
  if (flips.size() > kMarkdownFlips) text += fmt::format("\n… and {} more\n", flips.size() - kMarkdownFlips);
  return text + "\n</details>\n\n";
}

}  // namespace

std::string to_markdown(const Report& report) {
  std::string text = markdown_headline(report);
  const std::string parts[] = {checks(report.comparison), identities(report), notes(report.comparison),
                               fallen_labels(report.comparison), newly_wrong(report)};
  for (const std::string& part : parts) {
    if (text.size() + part.size() < kMostMarkdown) {
      text += part;
    } else {
      text += "… more than fits here\n\n";
    }
  }
  return text;
}

}  // namespace textlambda::report
