#include "textlambda/report/gate_text.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include <fmt/format.h>

#include "textlambda/report/check_sentence.h"
#include "textlambda/report/display_width.h"
#include "textlambda/report/figure_text.h"
#include "textlambda/report/table.h"
#include "textlambda/text/count.h"

namespace textlambda::report {
namespace {

using gate::Comparison;
using gate::Flip;
using gate::LabelChange;
using gate::LimitCheck;
using gate::Reference;
using gate::RelativeCheck;

constexpr std::size_t kChecksShown = 60;
constexpr std::size_t kFlipsShown = 5;
constexpr std::size_t kReasons = 3;
constexpr std::size_t kWarningsShown = 10;
constexpr std::size_t kNameWidth = 40;
constexpr std::size_t kFileWidth = 48;
constexpr std::size_t kTextWidth = 60;

std::string name_of(const Comparison& comparison, const RelativeCheck& check) {
  std::string name = printable_ends(check.metric, kNameWidth);
  const Reference& reference = comparison.references[check.reference];
  const bool is_anchor = reference.role == gate::Role::anchor;
  if (is_anchor || comparison.references.size() > 1) {
    name += (is_anchor ? " vs anchor " : " vs ") + printable_ends(reference.identity.name, kFileWidth);
  }
  return name;
}

std::string flips_text(const RelativeCheck& check) {
  if (!check.flips) return "";
  return fmt::format("{} newly wrong, {} newly right", text::grouped(check.flips->newly_wrong),
                     text::grouped(check.flips->newly_right));
}

std::string allowed_text(const RelativeCheck& check) {
  if (check.margin == 0) return "no loss allowed";
  return fmt::format("allowed {}{}", check.lower_is_better ? "+" : "−", amount_text(check.unit, check.margin));
}

std::string verdict_text(const RelativeCheck& check) {
  std::string text(gate::verdict_name(check.verdict));
  if (check.verdict_alone != check.verdict) text += fmt::format(" ({} alone)", verdict_name(check.verdict_alone));
  return text;
}

std::string checks_text(const Comparison& comparison) {
  Table table({Align::left, Align::left, Align::left, Align::left, Align::left, Align::left});
  const ShownChecks shown = first_checks(comparison, kChecksShown);
  for (const LimitCheck& check : shown.limits) {
    table.add_row({printable_ends(check.metric, kNameWidth), figure_text(check.unit, check.value), limit_text(check),
                   "", "", std::string(limit_verdict(check))});
  }
  for (const RelativeCheck& check : shown.checks) {
    table.add_row({name_of(comparison, check),
                   fmt::format("{} → {}", figure_text(check.unit, check.before), figure_text(check.unit, check.after)),
                   change_text(check), flips_text(check), allowed_text(check), verdict_text(check)});
  }
  std::string text = table.text();
  if (shown.more > 0) text += fmt::format("… and {} more checks\n", shown.more);
  return text;
}

// The label whose recall fell most.
std::string largest_fall(const Reference& reference) {
  if (reference.same_predictions || reference.labels.empty()) return "";
  const LabelChange& label = reference.labels.front();
  if (label.support == 0 || label.recall_after >= label.recall_before) return "";
  return fmt::format("largest fall  recall[{}] {} → {} of {}\n", printable_ends(label.label, kLabelWidth),
                     share_text(label.recall_before), share_text(label.recall_after),
                     text::counted(label.support, "example"));
}

std::string dataset_text(const Reference& reference) {
  const gate::DatasetChange& change = reference.dataset;
  if (!change.any()) return "";
  return fmt::format("test set  not that of {}: {} added, {} removed, {} relabelled; {} compared\n",
                     printable_ends(reference.identity.name, kFileWidth), text::grouped(change.added),
                     text::grouped(change.removed), text::grouped(change.relabelled),
                     text::counted(change.compared, "row"));
}

std::string reasons_text(const Flip& flip) {
  std::string text;
  for (std::size_t i = 0; i < std::min(flip.row.reasons.size(), kReasons); ++i) {
    const model::Contribution& reason = flip.row.reasons[i];
    text += fmt::format("{}{} {}{:.1f}", i == 0 ? "" : " · ", printable(reason.n_gram, kLabelWidth),
                        reason.logit < 0 ? "−" : "+", std::abs(reason.logit));
  }
  return text;
}

std::string newly_wrong_text(const Report& report) {
  const std::vector<Flip>& flips = report.comparison.newly_wrong;
  if (flips.empty()) return "";
  Table table(std::vector<Align>(report.texts ? 4 : 2, Align::left));
  for (std::size_t i = 0; i < std::min(flips.size(), kFlipsShown); ++i) {
    const Flip& flip = flips[i];
    std::vector<std::string> cells = {
        fmt::format("{}:{}", printable_ends(flip.row.location.file, kFileWidth), flip.row.location.line),
        fmt::format("{} → {} {:.2f}", printable_ends(flip.row.truth, kLabelWidth),
                    printable_ends(flip.row.predicted, kLabelWidth), flip.row.confidence)};
    if (report.texts) {
      cells.push_back(printable(flip.row.text, kTextWidth));
      cells.push_back(reasons_text(flip));
    }
    table.add_row(std::move(cells));
  }
  return fmt::format("newly wrong, {} of {}\n", std::min(flips.size(), kFlipsShown), text::grouped(flips.size())) +
         table.text(2);
}

std::string table_text(const gate::RunTable& runs) {
  Table table({Align::left, Align::right, Align::left, Align::left});
  for (const gate::RunRow& run : runs.runs) {
    table.add_row(
        {printable_ends(run.name, kFileWidth), share_text(run.accuracy), share_range(run.interval), run.group});
  }
  Table pairs({Align::left, Align::right, Align::right, Align::left});
  for (const gate::RunPair& pair : runs.pairs) {
    pairs.add_row({fmt::format("{} – {}", printable_ends(runs.runs[pair.a].name, kFileWidth),
                               printable_ends(runs.runs[pair.b].name, kFileWidth)),
                   difference_text(metrics::Unit::share, pair.difference),
                   "critical " + amount_text(metrics::Unit::share, pair.critical), "p " + p_text(pair.holm_p)});
  }
  return fmt::format("runs on the {} rows that all have; those that share a letter cannot be told apart\n",
                     text::grouped(runs.n)) +
         table.text(2) + pairs.text(2);
}

// What the test set can show, from the first check that was asked for by name and put to statistics.
std::string detectable_text(const Comparison& comparison) {
  for (const RelativeCheck& check : comparison.checks) {
    if (!check.named || comparison.references[check.reference].same_predictions || !std::isfinite(check.detectable)) {
      continue;
    }
    return fmt::format("   (this set can detect {} of {})", amount_text(check.unit, check.detectable),
                       printable_ends(check.metric, kNameWidth));
  }
  return "";
}

std::string warnings_text(const Comparison& comparison) {
  std::string text;
  for (std::size_t i = 0; i < comparison.warnings.size(); ++i) {
    if (i == kWarningsShown) {
      return text + fmt::format("warning   and {} more\n", comparison.warnings.size() - i);
    }
    text += "warning   " + printable(comparison.warnings[i], 400) + "\n";
  }
  return text;
}

// Where there is nothing to compare with; else each slice is a check.
std::string slices_text(const Comparison& comparison) {
  if (comparison.slices.empty() || !comparison.references.empty()) return "";
  Table table({Align::left, Align::right, Align::right, Align::left, Align::right, Align::right});
  table.add_row({"slice", "examples", "accuracy", "", "macro F1", "log-loss"});
  for (const metrics::SliceMetrics& slice : comparison.slices) {
    const metrics::Metrics& metrics = slice.metrics;
    table.add_row({printable_ends(slice.column + "=" + slice.value, kNameWidth), text::grouped(metrics.n),
                   share_text(metrics.accuracy), share_range(metrics.accuracy_interval), share_text(metrics.macro_f1),
                   figure_text(metrics::Unit::plain, metrics.log_loss)});
  }
  return table.text(2);
}

}  // namespace

std::string gate_text(const Report& report) {
  const Comparison& comparison = report.comparison;
  if (!comparison.asked()) return slices_text(comparison) + warnings_text(comparison);
  std::string text = slices_text(comparison) + checks_text(comparison);
  if (!comparison.references.empty()) text += largest_fall(comparison.references.front());
  for (const Reference& reference : comparison.references) text += dataset_text(reference);
  if (comparison.table) text += table_text(*comparison.table);
  text += newly_wrong_text(report) + warnings_text(comparison);
  return text + fmt::format("verdict   {}: {}{}\n", gate::decision_name(comparison.decision),
                            printable(comparison.sentence, 400), detectable_text(comparison));
}

}  // namespace textlambda::report
