#include "replay_text.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "textlambda/report/display_width.h"
#include "textlambda/report/table.h"
#include "textlambda/text/count.h"

#include "command/figures.h"

namespace textlambda::command {
namespace {

using replay::Finding;
using replay::Tally;

constexpr std::size_t kListed = 20;
constexpr std::size_t kDifferencesShown = 5;
constexpr std::size_t kPairsShown = 10;
constexpr std::size_t kWidth = 200;

using PairCounts = std::map<std::pair<std::string, std::string>, std::uint64_t>;

// 840 ns, 31 µs, 1.2 ms, 2.1 s
std::string duration(std::uint64_t nanoseconds) {
  const auto value = static_cast<double>(nanoseconds);
  if (value < 1e3) return fmt::format("{} ns", nanoseconds);
  const auto [scaled, unit] = value < 1e6   ? std::pair(value / 1e3, "µs")
                              : value < 1e9 ? std::pair(value / 1e6, "ms")
                                            : std::pair(value / 1e9, "s");
  return scaled < 9.95 ? fmt::format("{:.1f} {}", scaled, unit) : fmt::format("{:.0f} {}", scaled, unit);
}

std::string rate(std::uint64_t calls, std::uint64_t nanoseconds) {
  if (nanoseconds == 0) return "–";
  return text::grouped(
      static_cast<std::uint64_t>(std::llround(static_cast<double>(calls) * 1e9 / static_cast<double>(nanoseconds))));
}

std::string place(const std::string& file, std::uint64_t line) {
  return report::printable_ends(line == 0 ? file : fmt::format("{}:{}", file, line), kWidth);
}

std::vector<std::string> row(const std::string& name, const Tally& tally, bool expecting, std::uint64_t nanoseconds) {
  std::vector<std::string> cells = {name,
                                    text::grouped(tally.events),
                                    text::grouped(tally.records),
                                    text::grouped(tally.ok),
                                    text::grouped(tally.failed),
                                    text::grouped(tally.abstained)};
  if (expecting) cells.push_back(text::grouped(tally.differ));
  const stats::LatencyHistogram& latency = tally.latency;
  for (const double share : {0.5, 0.9, 0.99}) {
    cells.push_back(latency.count() == 0 ? "–" : duration(latency.percentile(share)));
  }
  cells.push_back(latency.count() == 0 ? "–" : duration(latency.max()));
  cells.push_back(rate(latency.count(), nanoseconds));
  return cells;
}

std::string table(const replay::Report& report) {
  std::vector<std::string> header = {"source", "events", "records", "ok", "failed", "abstained"};
  if (report.expecting) header.emplace_back("differ");
  for (const char* name : {"p50", "p90", "p99", "max", "events/s"}) header.emplace_back(name);
  std::vector<report::Align> columns(header.size(), report::Align::right);
  columns.front() = report::Align::left;
  report::Table table(columns);
  table.add_row(std::move(header));
  std::size_t rows = 0;
  const auto add = [&](const std::string& name, const Tally& tally) {
    table.add_row(row(name, tally, report.expecting, tally.nanoseconds / report.jobs));
    ++rows;
  };
  for (int i = 0; i < events::kSourceCount; ++i) {
    const auto source = static_cast<events::Source>(i);
    if (const Tally* tally = report.summary->of(source)) add(std::string(events::source_name(source)), *tally);
  }
  if (report.summary->without_source().events > 0) add("(none)", report.summary->without_source());
  if (rows > 1) table.add_row(row("total", report.summary->total(), report.expecting, report.run->nanoseconds));
  return table.text();
}

// The most frequent pairs that differ, and how many pairs more there are.
std::string pairs(const PairCounts& counts, const char* missing) {
  std::vector<std::pair<std::uint64_t, std::string>> lines;
  for (const auto& [pair, count] : counts) {
    if (pair.first == pair.second) continue;
    lines.emplace_back(count, fmt::format("{} → {}", report::printable_ends(pair.first, 40),
                                          pair.second.empty() ? missing : report::printable_ends(pair.second, 40)));
  }
  std::stable_sort(lines.begin(), lines.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  report::Table table({report::Align::right, report::Align::left});
  for (std::size_t i = 0; i < std::min(lines.size(), kPairsShown); ++i) {
    table.add_row({text::grouped(lines[i].first), lines[i].second});
  }
  std::string text = table.text(2);
  if (lines.size() > kPairsShown) text += fmt::format("  and {} more pairs\n", lines.size() - kPairsShown);
  return text;
}

std::string accuracy(const replay::LabelScore& labels) {
  const stats::Interval interval = labels.accuracy_interval();
  std::string text =
      fmt::format("accuracy   {} {}   {}", percent(labels.accuracy()), percent_range(interval.low, interval.high),
                  text::counted(labels.texts(), "labelled text"));
  if (labels.failed() > 0) text += fmt::format(", {} failed and counted as wrong", text::grouped(labels.failed()));
  text += "\n" + pairs(labels.confusion(), "(failed)");
  if (labels.unknown().empty()) return text;
  text += "unknown    the model does not know ";
  std::size_t named = 0;
  for (const auto& [label, count] : labels.unknown()) {
    if (named++ == kPairsShown) break;
    text +=
        fmt::format("{}\"{}\" ({})", named == 1 ? "" : ", ", report::printable_ends(label, 40), text::grouped(count));
  }
  if (labels.unknown().size() > kPairsShown) {
    text += fmt::format(" and {} more labels", labels.unknown().size() - kPairsShown);
  }
  return text + "\n";
}

std::string shadow(const replay::Report& report) {
  const replay::Shadow& shadow = *report.shadow;
  const stats::Interval interval = shadow.agreement_interval();
  if (shadow.texts() == 0) return "agreement  no text was classified by both models\n";
  std::string text = fmt::format("agreement  {} {}   {} of {} flipped", percent(shadow.agreement(), 2),
                                 percent_range(interval.low, interval.high), text::grouped(shadow.flipped()),
                                 text::counted(shadow.texts(), "text"));
  if (report.max_flips) text += fmt::format(", {} allowed", percent(*report.max_flips, 2));
  text += fmt::format("\nconfidence {:+.3f} on average, {:.3f} in absolute terms, {:.3f} at most\n",
                      shadow.mean_shift(), shadow.mean_absolute_shift(), shadow.largest_absolute_shift());
  if (shadow.newly_abstained() + shadow.no_longer_abstained() > 0) {
    text += fmt::format("abstained  {} newly, {} no longer\n", text::grouped(shadow.newly_abstained()),
                        text::grouped(shadow.no_longer_abstained()));
  }
  if (shadow.unmatched() > 0) {
    text +=
        fmt::format("unmatched  {} could be classified by one model only\n", text::counted(shadow.unmatched(), "text"));
  }
  text += pairs(shadow.table(), "");
  const auto& flips = shadow.flips();
  for (std::size_t i = 0; i < std::min(flips.size(), kListed); ++i) {
    const replay::Flip& flip = flips[i];
    text += fmt::format("{}: record {}: {} → {}   (confidence {:.2f} → {:.2f})\n", place(flip.file, flip.line),
                        flip.record + 1, report::printable_ends(flip.from, 40), report::printable_ends(flip.to, 40),
                        flip.from_confidence, flip.to_confidence);
  }
  if (shadow.flipped() > kListed) {
    text += fmt::format("and {} more flips (--json lists them)\n", text::grouped(shadow.flipped() - kListed));
  }
  return text;
}

std::string value_or_nothing(const std::string& json) {
  return json.empty() ? "(nothing)" : report::printable(json, 60);
}

std::string findings(const replay::Report& report) {
  std::string text;
  const auto& differences = report.summary->differences();
  for (std::size_t i = 0; i < std::min(differences.size(), kListed); ++i) {
    const Finding& found = differences[i];
    text += place(found.file, found.line) + ": response differs\n";
    const std::size_t shown = std::min(found.differences.size(), kDifferencesShown);
    report::Table table({report::Align::left, report::Align::left});
    for (std::size_t j = 0; j < shown; ++j) {
      const replay::Difference& difference = found.differences[j];
      std::string change =
          fmt::format("{} → {}", value_or_nothing(difference.expected), value_or_nothing(difference.actual));
      if (!found.confidence.empty() && difference.path.size() >= 6 &&
          difference.path.compare(difference.path.size() - 6, 6, "/label") == 0) {
        change += fmt::format("   (confidence {})", found.confidence);
      }
      table.add_row({difference.path.empty() ? "(the whole)" : report::printable(difference.path, 80), change});
    }
    text += table.text(2);
    if (found.differences.size() > shown) text += fmt::format("  and {} more\n", found.differences.size() - shown);
  }
  const std::uint64_t differ = report.summary->total().differ;
  if (differ > kListed)
    text += fmt::format("and {} more that differ (--json lists them)\n", text::grouped(differ - kListed));
  const auto& failures = report.summary->failures();
  for (std::size_t i = 0; i < std::min(failures.size(), kListed); ++i) {
    const Finding& found = failures[i];
    text += fmt::format("{}: {}{}\n", place(found.file, found.line), report::printable(found.reason, kWidth),
                        found.as_recorded ? " (as recorded)" : "");
  }
  const std::uint64_t failed = report.summary->total().failed;
  if (failed > kListed)
    text += fmt::format("and {} more that failed (--json lists them)\n", text::grouped(failed - kListed));
  return text;
}

}  // namespace

std::string replay_findings(const replay::Report& report) { return findings(report); }

std::string replay_text(const replay::Report& report) {
  std::string text = table(report);
  if (report.labels != nullptr && report.labels->texts() > 0) text += accuracy(*report.labels);
  if (report.shadow != nullptr) text += shadow(report);
  text += findings(report);
  const Tally& total = report.summary->total();
  if (report.updating) {
    text += fmt::format("updated    {} in {}\n", text::counted(report.updated, "response"),
                        text::counted(report.updated_files, "file"));
  } else if (report.expecting) {
    text += fmt::format("expected   {} of {} as recorded", text::grouped(total.compared - total.differ),
                        text::counted(total.compared, "response"));
    if (total.events > total.compared) {
      text += fmt::format(", {} without one", text::counted(total.events - total.compared, "event"));
    }
    if (total.by_model > 0) {
      text += fmt::format(", only the model's id {} in {}",
                          total.by_model == total.by_model_id ? "differs" : "and training figures differ",
                          text::grouped(total.by_model));
    }
    text += "\n";
  }
  return text;
}

}  // namespace textlambda::command
