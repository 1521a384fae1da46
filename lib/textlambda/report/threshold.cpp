#include "textlambda/report/threshold.h"

#include <cstdint>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "textlambda/report/table.h"

namespace textlambda::report {
namespace {

using metrics::ThresholdChoice;
using metrics::ThresholdOptions;

double ratio(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

std::string percent(double share) { return fmt::format("{:.2f} %", 100 * share); }

std::string refusal(const ThresholdChoice& choice, const ThresholdOptions& options) {
  const std::string promise = fmt::format(
      "no threshold keeps the share of wrong predictions to {} with {:g} % certainty: ", percent(options.max_risk),
      100 * (1 - options.alpha));
  if (choice.examples < choice.fewest) {
    return promise + fmt::format("{} examples are too few, at least {} are needed even without an error\n",
                                 choice.examples, choice.fewest);
  }
  return promise + fmt::format("of the {} surest predictions {} are wrong, which leaves up to {}\n", choice.accepted,
                               choice.wrong, percent(choice.risk_bound));
}

}  // namespace

std::string to_text(const ThresholdChoice& choice, const ThresholdOptions& options) {
  if (!choice.attained) return refusal(choice, options);
  Table table({Align::left, Align::left});
  table.add_row({"threshold", fmt::format("{:.6f}   {}", choice.threshold,
                                          choice.threshold > 0 ? "a prediction less sure than this abstains"
                                                               : "no prediction has to abstain")});
  table.add_row({"coverage", fmt::format("{}   {} of {} examples", percent(ratio(choice.accepted, choice.examples)),
                                         choice.accepted, choice.examples)});
  table.add_row({"risk", fmt::format("{}   {} wrong of those; at most {} with {:g} % certainty",
                                     percent(ratio(choice.wrong, choice.accepted)), choice.wrong,
                                     percent(options.max_risk), 100 * (1 - options.alpha))});
  table.add_row({"without", fmt::format("{}   {} wrong where none abstains",
                                        percent(ratio(choice.all_wrong, choice.examples)), choice.all_wrong)});
  return table.text();
}

std::string to_json(const ThresholdChoice& choice, const ThresholdOptions& options) {
  using Json = nlohmann::json;
  const Json result = {{"attained", choice.attained},
                       {"threshold", choice.attained ? Json(choice.threshold) : Json(nullptr)},
                       {"max_risk", options.max_risk},
                       {"alpha", options.alpha},
                       {"n", choice.examples},
                       {"accepted", choice.accepted},
                       {"coverage", ratio(choice.accepted, choice.examples)},
                       {"wrong", choice.wrong},
                       {"risk", ratio(choice.wrong, choice.accepted)},
                       {"risk_bound", choice.risk_bound},
                       {"risk_without", ratio(choice.all_wrong, choice.examples)},
                       {"fewest", choice.fewest}};
  return result.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace textlambda::report
