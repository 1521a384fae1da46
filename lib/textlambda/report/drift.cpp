#include "textlambda/report/drift.h"

#include <cstddef>
#include <string_view>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "textlambda/json/result.h"
#include "textlambda/report/display_width.h"
#include "textlambda/report/escape.h"
#include "textlambda/report/figure_text.h"
#include "textlambda/report/table.h"
#include "textlambda/text/count.h"

namespace textlambda::report {
namespace {

using drift::DriftCheck;
using drift::DriftReport;
using drift::DriftVerdict;
using drift::DriftView;

struct Row {
  std::string name;
  std::string traffic;
  std::string training;
};

Row describe(const DriftCheck& check) {
  const auto percent = [](double share) { return fmt::format("{:.1f} %", 100 * share); };
  switch (check.view) {
    case DriftView::unknown_n_grams:
      return {"unknown n-grams", percent(check.traffic), percent(check.training)};
    case DriftView::labels:
      return {"predicted as " + printable_ends(check.label, kLabelWidth), percent(check.traffic),
              percent(check.training)};
    case DriftView::confidence:
      return {"median confidence", fmt::format("{:.3f}", check.traffic), fmt::format("{:.3f}", check.training)};
    case DriftView::length:
      return {"median characters", fmt::format("{:.0f}", check.traffic), fmt::format("{:.0f}", check.training)};
  }
  return {};
}

Table drift_table(const DriftReport& report) {
  Table table({Align::left, Align::right, Align::right, Align::right, Align::right, Align::left});
  table.add_row({"", "traffic", "training", "shift", "p", ""});
  for (const DriftCheck& check : report.checks) {
    const Row row = describe(check);
    table.add_row({row.name, row.traffic, row.training, fmt::format("{:.3f}", check.shift), p_text(check.adjusted_p),
                   check.drifted ? "DRIFT" : ""});
  }
  return table;
}

std::string compared(const DriftReport& report) {
  return text::counted(report.traffic_texts, "text") + " against " +
         text::counted(report.training_documents, "held-out training document");
}

}  // namespace

std::string_view drift_headline(DriftVerdict verdict) {
  switch (verdict) {
    case DriftVerdict::none:
      return "NO DRIFT";
    case DriftVerdict::drift:
      return "DRIFT";
    case DriftVerdict::inconclusive:
      return "INCONCLUSIVE";
  }
  return "";
}

std::string to_text(const DriftReport& report) {
  std::string text = compared(report) + "\n" + drift_table(report).text() + std::string(drift_headline(report.verdict));
  if (report.verdict != DriftVerdict::drift) return text + ": " + report.sentence + "\n";
  for (const DriftCheck& check : report.checks) {
    if (check.drifted) text += "\n  " + check.sentence;
  }
  return text + "\n";
}

std::string to_markdown(const DriftReport& report) {
  std::string text = fmt::format("### {}\n\n", drift_headline(report.verdict));
  if (report.verdict != DriftVerdict::drift) text += markdown_text(report.sentence) + "\n\n";
  for (const DriftCheck& check : report.checks) {
    if (check.drifted) text += "- " + markdown_text(check.sentence) + "\n";
  }
  if (report.verdict == DriftVerdict::drift) text += "\n";
  return text + drift_table(report).markdown() + "\n" + compared(report) + "\n";
}

std::string to_json(const DriftReport& report) {
  using Json = nlohmann::json;
  Json checks = Json::array();
  for (const DriftCheck& check : report.checks) {
    Json one = {{"view", drift::view_name(check.view)}, {"shift", check.shift},      {"p", check.p},
                {"adjusted_p", check.adjusted_p},       {"drifted", check.drifted},  {"traffic", check.traffic},
                {"training", check.training},           {"sentence", check.sentence}};
    if (check.view == DriftView::labels) one["label"] = check.label;
    checks.push_back(std::move(one));
  }
  Json result = {{"verdict", drift::verdict_name(report.verdict)},
                 {"texts", report.traffic_texts},
                 {"training_documents", report.training_documents},
                 {"alpha", report.options.alpha},
                 {"min_shift", report.options.min_shift},
                 {"visible_shift", report.visible_shift},
                 {"sentence", report.sentence},
                 {"checks", std::move(checks)}};
  return json::result_text(std::move(result));
}

}  // namespace textlambda::report
