#include "textlambda/report/threshold.h"

#include <cstdint>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "textlambda/json/result.h"
#include "textlambda/metrics/label_averages.h"
#include "textlambda/report/escape.h"
#include "textlambda/report/figure_text.h"
#include "textlambda/report/table.h"
#include "textlambda/text/count.h"

namespace textlambda::report {
namespace {

using metrics::ThresholdChoice;
using metrics::ThresholdOptions;

std::string percent(double share) { return fmt::format("{:.2f} %", 100 * share); }

std::string refusal(const ThresholdChoice& choice, const ThresholdOptions& options) {
  const std::string promise = fmt::format(
      "no threshold keeps the share of wrong predictions to {} with {:g} % certainty: ", percent(options.max_risk),
      100 * (1 - options.alpha));
  if (choice.examples < choice.fewest) {
    return promise + fmt::format("{} {} too few, at least {} are needed even without an error",
                                 text::counted(choice.examples, "example"), choice.examples == 1 ? "is" : "are",
                                 text::grouped(choice.fewest));
  }
  return promise + fmt::format("of the {} surest predictions {} are wrong, which leaves up to {}",
                               text::grouped(choice.accepted), text::grouped(choice.wrong), percent(choice.risk_bound));
}

Table threshold_table(const ThresholdChoice& choice, const ThresholdOptions& options, Table table) {
  table.add_row({"threshold", fmt::format("{:.6f}   {}", choice.threshold,
                                          choice.threshold > 0 ? "a prediction less sure than this abstains"
                                                               : "no prediction has to abstain")});
  table.add_row({"coverage", fmt::format("{}   {} of {}", percent(metrics::ratio(choice.accepted, choice.examples)),
                                         text::grouped(choice.accepted), text::counted(choice.examples, "example"))});
  table.add_row(
      {"risk", fmt::format("{}   {} wrong of those; at most {} with {:g} % certainty",
                           percent(metrics::ratio(choice.wrong, choice.accepted)), text::grouped(choice.wrong),
                           percent(options.max_risk), 100 * (1 - options.alpha))});
  table.add_row({"without", fmt::format("{}   {} wrong where none abstains",
                                        percent(metrics::ratio(choice.all_wrong, choice.examples)),
                                        text::grouped(choice.all_wrong))});
  return table;
}

}  // namespace

std::string threshold_sentence(const ThresholdChoice& choice, const ThresholdOptions& options) {
  if (!choice.attained) return refusal(choice, options);
  return fmt::format("{:.6f} answers {} of {} ({}) with at most {} wrong, with {:g} % certainty", choice.threshold,
                     text::grouped(choice.accepted), text::counted(choice.examples, "example"),
                     percent(metrics::ratio(choice.accepted, choice.examples)), percent(options.max_risk),
                     100 * (1 - options.alpha));
}

std::string to_text(const ThresholdChoice& choice, const ThresholdOptions& options) {
  if (!choice.attained) return refusal(choice, options) + "\n";
  return threshold_table(choice, options, Table({Align::left, Align::left})).text();
}

std::string to_markdown(const ThresholdChoice& choice, const ThresholdOptions& options) {
  if (!choice.attained) return "### No abstain threshold\n\n" + markdown_text(refusal(choice, options)) + "\n";
  Table table({Align::left, Align::left});
  table.add_row({"", ""});
  return fmt::format("### Abstain threshold {:.6f}\n\n", choice.threshold) +
         threshold_table(choice, options, std::move(table)).markdown();
}

std::string to_json(const ThresholdChoice& choice, const ThresholdOptions& options) {
  using Json = nlohmann::json;
  Json result = {{"attained", choice.attained},
                 {"threshold", choice.attained ? Json(choice.threshold) : Json(nullptr)},
                 {"max_risk", options.max_risk},
                 {"alpha", options.alpha},
                 {"n", choice.examples},
                 {"accepted", choice.accepted},
                 {"coverage", metrics::ratio(choice.accepted, choice.examples)},
                 {"wrong", choice.wrong},
                 {"risk", metrics::ratio(choice.wrong, choice.accepted)},
                 {"risk_bound", choice.risk_bound},
                 {"risk_without", metrics::ratio(choice.all_wrong, choice.examples)},
                 {"fewest", choice.fewest}};
  return json::result_text(std::move(result));
}

}  // namespace textlambda::report
