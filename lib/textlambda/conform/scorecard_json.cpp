#include <nlohmann/json.hpp>

#include "textlambda/conform/scorecard_report.h"
#include "textlambda/json/result.h"

namespace textlambda::conform {

using Json = nlohmann::json;

std::string to_json(const Scorecard& card) {
  Json rows = Json::array();
  for (const ScoredRow& scored : card.rows) {
    const Finding& finding = scored.finding;
    Json row = {{"id", scored.row->id},
                {"group", scored.group},
                {"asks", scored.row->asks},
                {"source", scored.row->source},
                {"verdict", verdict_name(finding.verdict)}};
    if (finding.verdict == Verdict::fail) {
      row["expected"] = finding.expected;
      row["got"] = finding.got;
    } else if (!finding.reason.empty()) {
      row["reason"] = finding.reason;
    }
    rows.push_back(std::move(row));
  }
  return json::result_text({{"endpoint", card.endpoint},
                            {"function", card.function},
                            {"probe", card.probe.kind},
                            {"passed", card.passed()},
                            {"interrupted", card.interrupted},
                            {"counts",
                             {{"rows", card.rows.size()},
                              {"pass", card.count(Verdict::pass)},
                              {"fail", card.count(Verdict::fail)},
                              {"skipped", card.count(Verdict::skipped)},
                              {"not_applicable", card.count(Verdict::not_applicable)}}},
                            {"rows", rows}});
}

}  // namespace textlambda::conform
