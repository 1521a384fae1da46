#include "textlambda/telemetry/metrics_line.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <map>
#include <string_view>
#include <utility>

#include "textlambda/json/write.h"
#include "textlambda/text/utf8.h"

namespace textlambda::telemetry {
namespace {

constexpr std::size_t kLongestDimension = 255;
constexpr std::string_view kOtherLabels = "(other labels)";

struct Metric {
  std::string_view name;
  std::string_view unit;
  double value;
};

// A line with `metrics`, the members of `dimensions` first.
std::string line_of(const MetricsOptions& options, const LogMoment& moment,
                    const std::vector<std::pair<std::string_view, std::string>>& dimensions,
                    const std::vector<Metric>& metrics) {
  std::string line =
      R"({"_aws":{"Timestamp":)" + std::to_string(moment.time_ms) + R"(,"CloudWatchMetrics":[{"Namespace":)";
  json::append_string(line, options.name_space);
  line += R"(,"Dimensions":[[)";
  for (const auto& [name, value] : dimensions) {
    if (line.back() != '[') line += ',';
    json::append_string(line, name);
  }
  line += R"(]],"Metrics":[)";
  for (const Metric& metric : metrics) {
    if (line.back() != '[') line += ',';
    line += R"({"Name":")" + std::string(metric.name) + R"(","Unit":")" + std::string(metric.unit) + R"("})";
  }
  line += "]}]}";
  for (const auto& [name, value] : dimensions) {
    line += ",\"" + std::string(name) + "\":";
    json::append_string(line, value);
  }
  for (const Metric& metric : metrics) {
    line += ",\"" + std::string(metric.name) + "\":";
    json::append_number(line, metric.value);
  }
  return line;
}

std::string closed(std::string line, const LogMoment& moment) {
  line += R"(,"requestId":)";
  json::append_string(line, moment.request_id);
  return line + "}";
}

bool is_classified(const RecordOutcome& record) { return record.ok && !record.skipped; }

// Texts by label, the most frequent first, then in the order of the labels' bytes.
std::vector<std::pair<std::string, std::size_t>> label_counts(const Answer& answer) {
  std::map<std::string_view, std::size_t> counts;
  for (const RecordOutcome& record : answer.records) {
    if (is_classified(record) && !record.abstained) ++counts[record.label];
  }
  std::vector<std::pair<std::string_view, std::size_t>> order(counts.begin(), counts.end());
  std::stable_sort(order.begin(), order.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  std::vector<std::pair<std::string, std::size_t>> result;
  for (const auto& [label, count] : order) {
    if (result.size() < kMostLabelLines) {
      result.emplace_back(dimension_value(label), count);
    } else if (result.size() == kMostLabelLines) {
      result.emplace_back(kOtherLabels, count);
    } else {
      result.back().second += count;
    }
  }
  return result;
}

void append_escape(std::string& out, char32_t unit) {
  std::array<char, 8> escape{};
  const int length = std::snprintf(escape.data(), escape.size(), "\\u%04x", static_cast<unsigned>(unit));
  out.append(escape.data(), static_cast<std::size_t>(length));
}

}  // namespace

std::string dimension_value(std::string_view label) {
  std::string repaired;
  label = text::repair_utf8(label, repaired).text;
  if (std::all_of(label.begin(), label.end(), [](char c) { return c == ' '; })) return "(empty)";
  std::string value;
  std::size_t at = 0;
  while (at < label.size()) {
    std::string piece;
    const char32_t code = text::next_code_point(label, at);
    if (code >= ' ' && code < 0x7F) {
      piece = static_cast<char>(code);
    } else if (code < 0x10000) {
      append_escape(piece, code);
    } else {
      append_escape(piece, 0xD800U + ((code - 0x10000U) >> 10U));
      append_escape(piece, 0xDC00U + ((code - 0x10000U) & 0x3FFU));
    }
    if (value.size() + piece.size() > kLongestDimension) break;
    value += piece;
  }
  if (value.front() == ':') value.replace(0, 1, "\\u003a");
  value.resize(std::min(value.size(), kLongestDimension));
  return value;
}

std::vector<std::string> metrics_lines(const MetricsOptions& options, const LogMoment& moment, const Answer& answer,
                                       double milliseconds) {
  const auto count = [&](auto&& is) {
    return static_cast<double>(std::count_if(answer.records.begin(), answer.records.end(), is));
  };
  const double texts = count(is_classified);
  const double low = count(
      [&](const RecordOutcome& record) { return is_classified(record) && record.confidence < options.low_confidence; });
  std::vector<Metric> metrics = {
      {"Latency", "Milliseconds", milliseconds},
      {"Errors", "Count", answer.ok ? 0.0 : 1.0},
      {"FailedRecords", "Count", count([](const RecordOutcome& record) { return !record.ok; })},
      {"Texts", "Count", texts},
      {"Abstentions", "Count", count([](const RecordOutcome& record) { return record.abstained; })},
  };
  if (texts > 0) metrics.push_back({"LowConfidenceShare", "Percent", 100 * low / texts});

  std::vector<std::pair<std::string_view, std::string>> dimensions;
  if (!options.function_name.empty()) dimensions.emplace_back("FunctionName", options.function_name);
  std::string first = line_of(options, moment, dimensions, metrics);
  first += R"(,"source":")" + std::string(answer.recognised ? events::source_name(answer.source) : "unknown") + "\"";
  std::vector<std::string> lines = {closed(std::move(first), moment)};

  dimensions.emplace_back("Label", "");
  for (const auto& [label, predictions] : label_counts(answer)) {
    dimensions.back().second = label;
    lines.push_back(closed(
        line_of(options, moment, dimensions, {{"Predictions", "Count", static_cast<double>(predictions)}}), moment));
  }
  return lines;
}

}  // namespace textlambda::telemetry
