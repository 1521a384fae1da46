#include "textlambda/telemetry/metrics_line.h"

#include <nlohmann/json.hpp>

#include "tests/catch.h"

namespace textlambda::telemetry {
namespace {

using nlohmann::json;

const LogMoment kMoment = {.time_ms = 1700000000042, .request_id = "id-1"};

RecordOutcome classified(std::string_view label, float confidence, bool abstained = false) {
  return {
      .id = {}, .ok = true, .error = {}, .label = label, .confidence = confidence, .abstained = abstained, .note = {}};
}

Answer answer_of(std::vector<RecordOutcome> records) {
  Answer answer;
  answer.source = events::Source::sqs;
  answer.recognised = answer.ok = true;
  answer.records = std::move(records);
  return answer;
}

// What CloudWatch's specification demands of a document: every metric and dimension that is declared is a member of
// the root, a number or a string.
void check_embedded_format(const json& line) {
  CHECK(line.at("_aws").at("Timestamp").is_number_integer());
  const json& directives = line.at("_aws").at("CloudWatchMetrics");
  REQUIRE(directives.size() == 1);
  CHECK(directives[0].at("Namespace").is_string());
  REQUIRE(directives[0].at("Dimensions").size() == 1);
  CHECK(directives[0]["Dimensions"][0].size() <= 30);
  for (const json& name : directives[0]["Dimensions"][0]) {
    CAPTURE(name);
    const std::string value = line.at(name.get<std::string>()).get<std::string>();
    CHECK((!value.empty() && value.size() <= 1024));
  }
  CHECK(directives[0].at("Metrics").size() <= 100);
  for (const json& metric : directives[0]["Metrics"]) {
    CAPTURE(metric);
    CHECK(line.at(metric.at("Name").get<std::string>()).is_number());
    CHECK(metric.at("Unit").is_string());
  }
}

TEST_CASE("the metrics of a batch") {
  Answer answer = answer_of({classified("billing", 0.9F), classified("delivery", 0.4F), classified("billing", 0.6F),
                             classified("delivery", 0.3F, true)});
  answer.records.push_back({.id = "bad", .ok = false, .error = "no text", .label = {}, .note = {}});
  answer.records.push_back({.id = {}, .ok = true, .error = {}, .label = {}, .skipped = true, .note = "control"});
  const std::vector<std::string> lines =
      metrics_lines({.name_space = "Support", .function_name = "tickets"}, kMoment, answer, 0.125);
  REQUIRE(lines.size() == 3);
  for (const std::string& line : lines) check_embedded_format(json::parse(line));

  CHECK(json::parse(lines[0]) == json::parse(R"({"_aws": {"Timestamp": 1700000000042, "CloudWatchMetrics": [
      {"Namespace": "Support", "Dimensions": [["FunctionName"]], "Metrics": [
        {"Name": "Latency", "Unit": "Milliseconds"}, {"Name": "Errors", "Unit": "Count"},
        {"Name": "FailedRecords", "Unit": "Count"}, {"Name": "Texts", "Unit": "Count"},
        {"Name": "Abstentions", "Unit": "Count"}, {"Name": "LowConfidenceShare", "Unit": "Percent"}]}]},
      "FunctionName": "tickets", "Latency": 0.125, "Errors": 0.0, "FailedRecords": 1.0, "Texts": 4.0,
      "Abstentions": 1.0, "LowConfidenceShare": 50.0, "source": "sqs", "requestId": "id-1"})"));
  CHECK(json::parse(lines[1]) == json::parse(R"({"_aws": {"Timestamp": 1700000000042, "CloudWatchMetrics": [
      {"Namespace": "Support", "Dimensions": [["FunctionName", "Label"]], "Metrics": [
        {"Name": "Predictions", "Unit": "Count"}]}]},
      "FunctionName": "tickets", "Label": "billing", "Predictions": 2.0, "requestId": "id-1"})"));
  // The one that abstained is not among them.
  CHECK(json::parse(lines[2])["Label"] == "delivery");
  CHECK(json::parse(lines[2])["Predictions"] == 1.0);
}

TEST_CASE("a failed invocation, without a function's name") {
  Answer answer;
  answer.error_type = "BadEvent";
  const std::vector<std::string> lines = metrics_lines({}, kMoment, answer, 2);
  REQUIRE(lines.size() == 1);
  const json line = json::parse(lines[0]);
  check_embedded_format(line);
  CHECK(line["_aws"]["CloudWatchMetrics"][0]["Dimensions"] == json::parse("[[]]"));
  CHECK(line["Errors"] == 1.0);
  CHECK(line["Texts"] == 0.0);
  CHECK_FALSE(line.contains("LowConfidenceShare"));
  CHECK(line["source"] == "unknown");
}

TEST_CASE("low confidence is below the threshold, not at it") {
  const Answer answer = answer_of({classified("a", 0.5F), classified("a", 0.25F)});
  CHECK(json::parse(metrics_lines({.low_confidence = 0.5F}, kMoment, answer, 1)[0])["LowConfidenceShare"] == 50.0);
  CHECK(json::parse(metrics_lines({.low_confidence = 0.25F}, kMoment, answer, 1)[0])["LowConfidenceShare"] == 0.0);
}

TEST_CASE("more labels than lines: the most frequent ones, the rest together") {
  std::vector<std::string> names;
  for (int i = 0; i < 150; ++i) names.push_back("label" + std::to_string(1000 + i));
  std::vector<RecordOutcome> records;
  for (const std::string& name : names) records.push_back(classified(name, 0.9F));
  records.push_back(classified(names.back(), 0.9F));
  const std::vector<std::string> lines = metrics_lines({}, kMoment, answer_of(records), 1);
  REQUIRE(lines.size() == 1 + 100 + 1);
  CHECK(json::parse(lines[1])["Label"] == "label1149");
  CHECK(json::parse(lines[1])["Predictions"] == 2.0);
  CHECK(json::parse(lines[2])["Label"] == "label1000");
  CHECK(json::parse(lines[101])["Label"] == "(other labels)");
  CHECK(json::parse(lines[101])["Predictions"] == 50.0);
}

TEST_CASE("labels as dimensions are printable ASCII") {
  const std::pair<std::string, std::string> rows[] = {
      {"billing", "billing"}, {"card & cash", "card & cash"},
      {"好", "\\u597d"},      {"🙂", "\\ud83d\\ude42"},
      {"a\tb", "a\\u0009b"},  {":x", "\\u003ax"},
      {"", "(empty)"},        {"  ", "(empty)"},
      {"\xff", "\\ufffd"},    {std::string(300, 'x'), std::string(255, 'x')},
  };
  for (const auto& [label, value] : rows) {
    CAPTURE(label);
    CHECK(dimension_value(label) == value);
  }
  std::string chinese;
  for (int i = 0; i < 100; ++i) chinese += "好";
  CHECK(dimension_value(chinese).size() == 252);  // 42 whole escapes
}

}  // namespace
}  // namespace textlambda::telemetry
