#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "textlambda/report/table.h"
#include "textlambda/text/count.h"
#include "textlambda/text/shown.h"
#include "textlambda/text/utf8.h"
#include "textlambda/topics/report.h"

namespace textlambda::topics {
namespace {

constexpr std::size_t kOverlapsShown = 5;
constexpr std::size_t kExampleBytes = 100;

// Groups by falling size.
std::vector<std::size_t> by_size(const TopicReport& report) {
  std::vector<std::size_t> order(report.groups.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return report.groups[a].texts > report.groups[b].texts; });
  return order;
}

std::string share_text(std::uint64_t part, std::uint64_t all) {
  return fmt::format("{:.1f} %",
                     100 * static_cast<double>(part) / static_cast<double>(std::max<std::uint64_t>(all, 1)));
}

}  // namespace

std::string to_text(const TopicReport& report) {
  const std::string labelled =
      report.labelled_texts == 0 ? "" : fmt::format(" · {} labelled", text::grouped(report.labelled_texts));
  std::string text = fmt::format("{}{} · {} different · {} · {} words known\n", text::counted(report.texts, "text"),
                                 labelled, text::grouped(report.distinct_texts),
                                 text::counted(report.groups.size(), "group"), text::grouped(report.features));
  if (!report.is_by_em) {
    text += fmt::format(
        "from several starts the clusterings agree further ({:.2f}) than the mixtures of words ({:.2f}): they stay\n",
        report.agreement.clusterings, report.agreement.mixtures);
  }
  using report::Align;
  report::Table table({Align::right, Align::right, Align::right, Align::left});
  table.add_row({"texts", "share", "sure", "group"});
  for (const std::size_t index : by_size(report)) {
    const GroupReport& group = report.groups[index];
    table.add_row({text::grouped(group.texts), share_text(group.texts, report.texts),
                   fmt::format("{:.2f}", group.mean_confidence), text::shown(group.label)});
  }
  text += "\n" + table.text(2);
  if (!report.overlaps.empty()) {
    text += "\ntexts between two groups\n";
    report::Table overlaps({Align::right, Align::left});
    for (std::size_t i = 0; i < std::min(report.overlaps.size(), kOverlapsShown); ++i) {
      const Overlap& overlap = report.overlaps[i];
      overlaps.add_row({text::grouped(overlap.texts), text::shown(report.groups[overlap.first].label) + "  |  " +
                                                          text::shown(report.groups[overlap.second].label)});
    }
    text += overlaps.text(2);
  }
  text += "\na typical text of each\n";
  report::Table examples({Align::left, Align::left});
  for (const std::size_t index : by_size(report)) {
    const GroupReport& group = report.groups[index];
    if (group.typical.empty()) continue;
    examples.add_row(
        {text::shown(group.label), text::shown(text::utf8_front(group.typical.front().text, kExampleBytes))});
  }
  return text + examples.text(2);
}

}  // namespace textlambda::topics
