#include "textlambda/report/sarif.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "textlambda/report/check_sentence.h"

namespace textlambda::report {
namespace {

using gate::Comparison;
using Json = nlohmann::json;

// A file's name as a relative or absolute URI reference (RFC 3986): what is no unreserved character is percent-encoded.
std::string uri(std::string_view path) {
  constexpr std::string_view kPlain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
  std::string result = path.substr(0, 1) == "/" ? "file://" : "";
  for (const char character : path) {
    if (kPlain.find(character) != std::string_view::npos) {
      result += character;
    } else {
      result += fmt::format("%{:02X}", static_cast<unsigned>(static_cast<unsigned char>(character)));
    }
  }
  return result;
}

Json location(const corpus::Location& at) {
  return {{"physicalLocation",
           {{"artifactLocation", {{"uri", uri(at.file)}}},
            {"region", {{"startLine", std::max<std::uint64_t>(at.line, 1)}}}}}};
}

Json result(const char* rule, const char* level, const std::string& message, const corpus::Location& at) {
  Json object = {{"ruleId", rule}, {"level", level}, {"message", {{"text", message}}}};
  if (!at.file.empty()) object["locations"] = Json::array({location(at)});
  return object;
}

Json rule(const char* id, const char* text) { return {{"id", id}, {"shortDescription", {{"text", text}}}}; }

Json failed_checks(const Report& report) {
  const Comparison& comparison = report.comparison;
  // Viewers refuse results without a place: that of a check is the test set.
  corpus::Location test_set;
  if (!report.evaluation.rows.inputs.empty()) test_set = {report.evaluation.rows.inputs.front(), 1};
  Json results = Json::array();
  for (const gate::LimitCheck& check : comparison.limits) {
    if (!check.met) results.push_back(result("below-floor", "error", check_sentence(check), test_set));
  }
  for (const gate::RelativeCheck& check : comparison.checks) {
    if (check.fails()) results.push_back(result("regressed", "error", check_sentence(check), test_set));
  }
  return results;
}

}  // namespace

std::string to_sarif(const Report& report) {
  const Comparison& comparison = report.comparison;
  Json results = failed_checks(report);
  const std::size_t room = kMostSarifResults - std::min(kMostSarifResults, results.size());
  const std::size_t shown = std::min(room, comparison.newly_wrong.size());
  for (std::size_t i = 0; i < shown; ++i) {
    const gate::Flip& flip = comparison.newly_wrong[i];
    std::string message = flip_sentence(flip);
    if (report.texts && !flip.row.text.empty()) message += ": " + flip.row.text;
    results.push_back(result("newly-wrong", "warning", message, flip.row.location));
  }
  Json invocation = {{"executionSuccessful", true}};
  if (shown < comparison.newly_wrong.size()) {
    const std::string text = fmt::format("{} more rows are newly wrong", comparison.newly_wrong.size() - shown);
    invocation["toolExecutionNotifications"] = Json::array({{{"level", "note"}, {"message", {{"text", text}}}}});
  }
  const Json driver = {{"name", "textlambda-evaluate"},
                       {"version", report.tool_version},
                       {"rules", Json::array({rule("below-floor", "A figure misses the floor or ceiling set for it"),
                                              rule("newly-wrong", "A row that was classified rightly and no longer is"),
                                              rule("regressed", "A figure fell by more than is allowed")})}};
  const Json run = {{"tool", {{"driver", driver}}},
                    {"columnKind", "unicodeCodePoints"},
                    {"invocations", Json::array({invocation})},
                    {"results", results}};
  const Json document = {
      {"$schema", "https://json.schemastore.org/sarif-2.1.0.json"}, {"version", "2.1.0"}, {"runs", Json::array({run})}};
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace textlambda::report
