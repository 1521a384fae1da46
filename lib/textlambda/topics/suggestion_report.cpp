#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "textlambda/report/escape.h"
#include "textlambda/report/html_elements.h"
#include "textlambda/report/html_page.h"
#include "textlambda/report/table.h"
#include "textlambda/text/count.h"
#include "textlambda/topics/suggestion.h"

namespace textlambda::topics {
namespace {

constexpr std::string_view kLikelihoodAdvice =
    "No measure finds the number reliably: where likelihood levels off, finer groups explain no more, "
    "though they may be what you want;";
constexpr std::string_view kTooLittle =
    "Every likelihood is below 0: of so few texts, or texts about so many things, no fit tells anything of the others.";
constexpr std::string_view kAgreementAdvice =
    "agreement is highest where groups are few. Look at the groups of two or three numbers before you choose.";

std::string bar(double share, int width) {
  const int filled = static_cast<int>(std::lround(std::clamp(share, 0.0, 1.0) * width));
  std::string text;
  for (int i = 0; i < width; ++i) text += i < filled ? "█" : "·";
  return text;
}

// Where a figure lies between the least and the largest of its column.
struct Scale {
  double low = 0;
  double high = 1;
  double share(double value) const { return high > low ? (value - low) / (high - low) : 0; }
};

Scale likelihood_scale(const KSuggestion& suggestion) {
  Scale scale{0, 0};
  for (const KTrial& trial : suggestion.trials) scale.high = std::max(scale.high, trial.likelihood);
  return scale;
}

// Without the sign of what rounds to 0.
std::string agreement_text(const KTrial& trial) {
  return fmt::format("{:.2f}", std::abs(trial.agreement) < 0.005 ? 0 : trial.agreement);
}

bool is_too_little(const KSuggestion& suggestion) {
  return std::all_of(suggestion.trials.begin(), suggestion.trials.end(),
                     [](const KTrial& trial) { return trial.likelihood <= 0; });
}

std::string size_text(const KTrial& trial) {
  return fmt::format("{:.1f} … {:.1f} %", 100 * trial.smallest, 100 * trial.largest);
}

std::string summary(const KSuggestion& suggestion) {
  return fmt::format("{} · {} different · two fits to {} each, held against {}",
                     text::counted(suggestion.texts, "text"), text::grouped(suggestion.distinct_texts),
                     text::grouped(suggestion.fitted_texts), text::grouped(suggestion.held_out_texts));
}

// A column a number, its height the figure's place on the scale.
template <typename Value>
std::string columns_svg(const KSuggestion& suggestion, const std::string& title, const Scale& scale, Value&& value) {
  constexpr double kWidth = 960;
  constexpr double kHeight = 220;
  constexpr double kFoot = 24;
  const double step = kWidth / static_cast<double>(std::max<std::size_t>(suggestion.trials.size(), 1));
  std::string svg = fmt::format("<svg viewBox=\"0 0 {:.0f} {:.0f}\" width=\"100%\" role=\"img\" aria-label=\"{}\">\n",
                                kWidth, kHeight, report::escape_html(title));
  for (std::size_t i = 0; i < suggestion.trials.size(); ++i) {
    const KTrial& trial = suggestion.trials[i];
    const double height = std::clamp(scale.share(value(trial)), 0.0, 1.0) * (kHeight - 2 * kFoot);
    const double x = static_cast<double>(i) * step;
    svg += fmt::format(
        "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" fill=\"hsl(215 65% 50%)\"><title>{} "
        "groups: "
        "{:.3f}</title></rect>\n<text x=\"{:.1f}\" y=\"{:.1f}\" font-size=\"13\" text-anchor=\"middle\" "
        "fill=\"currentColor\">{}</text>\n<text x=\"{:.1f}\" y=\"{:.1f}\" font-size=\"12\" text-anchor=\"middle\" "
        "fill=\"currentColor\">{:.2f}</text>\n",
        x + step * 0.15, kHeight - kFoot - height, step * 0.7, height, trial.k, value(trial), x + step / 2,
        kHeight - 7.0, trial.k, x + step / 2, kHeight - kFoot - height - 5, value(trial));
  }
  return svg + "</svg>\n";
}

}  // namespace

std::string to_text(const KSuggestion& suggestion) {
  constexpr int kBar = 16;
  using report::Align;
  report::Table table({Align::right, Align::right, Align::left, Align::right, Align::left, Align::right, Align::right});
  table.add_row({"k", "likelihood", "", "agreement", "", "smallest … largest", "not empty"});
  const Scale scale = likelihood_scale(suggestion);
  for (const KTrial& trial : suggestion.trials) {
    table.add_row({std::to_string(trial.k), fmt::format("{:.3f}", trial.likelihood),
                   bar(scale.share(trial.likelihood), kBar), agreement_text(trial), bar(trial.agreement, kBar),
                   size_text(trial), std::to_string(trial.groups)});
  }
  return summary(suggestion) + "\n\n" + table.text(2) + "\n" +
         (is_too_little(suggestion) ? std::string(kTooLittle) + "\n" : std::string()) + std::string(kLikelihoodAdvice) +
         "\n" + std::string(kAgreementAdvice) + "\n";
}

std::string to_json(const KSuggestion& suggestion) {
  nlohmann::json trials = nlohmann::json::array();
  for (const KTrial& trial : suggestion.trials) {
    trials.push_back({{"k", trial.k},
                      {"groups", trial.groups},
                      {"likelihood", trial.likelihood},
                      {"agreement", trial.agreement},
                      {"smallest", trial.smallest},
                      {"largest", trial.largest}});
  }
  return nlohmann::json{{"documents", suggestion.texts},
                        {"distinct_documents", suggestion.distinct_texts},
                        {"fitted_documents", suggestion.fitted_texts},
                        {"held_out_documents", suggestion.held_out_texts},
                        {"trials", std::move(trials)}}
      .dump();
}

std::string to_html(const KSuggestion& suggestion) {
  namespace html = report::html;
  std::string body =
      fmt::format("<main>\n<h1>How many topics?</h1>\n<p>{}</p>\n<p class=\"verdict inconclusive\">{} {}</p>\n",
                  html::words(summary(suggestion)), kLikelihoodAdvice, kAgreementAdvice);
  body += html::section("likelihood", "Likelihood of texts held out",
                        "<p class=\"quiet\">By how many nats a text's words are likelier in the mixture than in the "
                        "corpus at large.</p>\n" +
                            columns_svg(suggestion, "Likelihood by the number of groups", likelihood_scale(suggestion),
                                        [](const KTrial& trial) { return trial.likelihood; }));
  body += html::section("agreement", "Agreement of two fits",
                        "<p class=\"quiet\">Adjusted Rand index of their groups on the texts held out: 1 for the same, "
                        "0 for chance.</p>\n" +
                            columns_svg(suggestion, "Agreement by the number of groups", Scale{},
                                        [](const KTrial& trial) { return trial.agreement; }));
  std::vector<std::string> rows;
  for (const KTrial& trial : suggestion.trials) {
    rows.push_back("<tr>" + html::number_cell(std::to_string(trial.k), static_cast<double>(trial.k)) +
                   html::number_cell(std::to_string(trial.groups), static_cast<double>(trial.groups)) +
                   html::number_cell(fmt::format("{:.1f} %", 100 * trial.smallest), trial.smallest) +
                   html::number_cell(fmt::format("{:.1f} %", 100 * trial.largest), trial.largest) +
                   html::number_cell(fmt::format("{:.3f}", trial.likelihood), trial.likelihood) +
                   html::number_cell(agreement_text(trial), trial.agreement) + "</tr>");
  }
  body += html::section("sizes", "Sizes",
                        html::table("trials", "Each number of groups that was tried",
                                    {{"k", true},
                                     {"not empty", true},
                                     {"smallest", true},
                                     {"largest", true},
                                     {"likelihood", true},
                                     {"agreement", true}},
                                    rows, true));
  return report::assemble({.title = "How many topics?", .body = body + "</main>\n", .chart_data = {}});
}

}  // namespace textlambda::topics
