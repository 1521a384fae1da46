#include <fmt/format.h>

#include "textlambda/conform/scorecard_report.h"
#include "textlambda/text/count.h"

namespace textlambda::conform {
namespace {

constexpr std::size_t kIdWidth = 34;

std::string_view mark_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass:
      return "PASS";
    case Verdict::fail:
      return "FAIL";
    case Verdict::skipped:
      return "SKIP";
    case Verdict::not_applicable:
      return "N/A ";
  }
  return "";
}

}  // namespace

std::string row_text(const ScoredRow& scored) {
  const Finding& finding = scored.finding;
  std::string text =
      fmt::format("  {}  {:<{}}  {}\n", mark_of(finding.verdict), scored.row->id, kIdWidth, scored.row->asks);
  if (finding.verdict == Verdict::fail) {
    text += fmt::format("        expected  {}\n        got       {}\n        see       {}\n", finding.expected,
                        finding.got, scored.row->source);
  } else if (!finding.reason.empty()) {
    text += fmt::format("        because   {}\n", finding.reason);
  }
  return text;
}

std::string heading_text(const Scorecard& card) {
  if (card.probe.kind.empty()) return card.endpoint + "\n";
  return fmt::format("{}, function {}: probe of kind {}, {} MB, timeout {:.1f} s\n", card.endpoint, card.function,
                     card.probe.kind, card.probe.memory_mb, static_cast<double>(card.probe.timeout_ms) / 1000);
}

std::string sums_text(const Scorecard& card) {
  return fmt::format("{}: {} passed, {} failed, {} skipped\n", text::counted(card.rows.size(), "row"),
                     card.count(Verdict::pass), card.count(Verdict::fail),
                     card.count(Verdict::skipped) + card.count(Verdict::not_applicable));
}

}  // namespace textlambda::conform
