#include <algorithm>

#include <nlohmann/json.hpp>

#include "textlambda/json/document.h"
#include "textlambda/json/result.h"
#include "textlambda/json/write.h"
#include "textlambda/replay/summary.h"

namespace textlambda::replay {
namespace {

using Json = nlohmann::json;

double microseconds(std::uint64_t nanoseconds) { return static_cast<double>(nanoseconds) / 1000; }

// A value shown in a difference: as the JSON it is, or as text where it was cut; null where there is none.
Json json_of_shown(const std::string& text) {
  if (text.empty()) return nullptr;
  Json value = Json::parse(text, nullptr, false);
  return value.is_discarded() ? Json(text) : value;
}

Json differences_json(const std::vector<Difference>& differences) {
  Json list = Json::array();
  for (const Difference& difference : differences) {
    Json item{{"path", difference.path}};
    if (!difference.expected.empty()) item["expected"] = json_of_shown(difference.expected);
    if (!difference.actual.empty()) item["actual"] = json_of_shown(difference.actual);
    list.push_back(std::move(item));
  }
  return list;
}

Json tally_json(const Tally& tally, double calls_per_second) {
  Json json{{"events", tally.events},       {"records", tally.records},      {"ok", tally.ok},
            {"failed", tally.failed},       {"differ", tally.differ},        {"compared", tally.compared},
            {"abstained", tally.abstained}, {"calls", tally.latency.count()}};
  json["failed_as_recorded"] = tally.as_recorded;
  json["differ_by_model"] = tally.by_model;
  json["events_per_second"] = calls_per_second;
  if (tally.latency.count() > 0) {
    json["latency_us"] = {{"p50", microseconds(tally.latency.percentile(0.5))},
                          {"p90", microseconds(tally.latency.percentile(0.9))},
                          {"p99", microseconds(tally.latency.percentile(0.99))},
                          {"max", microseconds(tally.latency.max())}};
  } else {
    json["latency_us"] = nullptr;
  }
  return json;
}

double per_second(std::uint64_t calls, std::uint64_t nanoseconds) {
  return nanoseconds == 0 ? 0 : static_cast<double>(calls) * 1e9 / static_cast<double>(nanoseconds);
}

Json findings_json(const std::vector<Finding>& findings) {
  Json list = Json::array();
  for (const Finding& found : findings) {
    Json item{{"file", found.file}, {"line", found.line}};
    item["source"] = found.source.empty() ? Json(nullptr) : Json(found.source);
    if (!found.reason.empty()) {
      item["reason"] = found.reason;
      item["as_recorded"] = found.as_recorded;
    }
    if (!found.differences.empty()) item["differences"] = differences_json(found.differences);
    list.push_back(std::move(item));
  }
  return list;
}

Json labels_json(const LabelScore& labels) {
  Json confusion = Json::array();
  for (const auto& [pair, count] : labels.confusion()) {
    Json item{{"label", pair.first}, {"count", count}};
    item["predicted"] = pair.second.empty() ? Json(nullptr) : Json(pair.second);
    confusion.push_back(std::move(item));
  }
  Json unknown = Json::array();
  for (const auto& [label, count] : labels.unknown()) unknown.push_back({{"label", label}, {"count", count}});
  const stats::Interval interval = labels.accuracy_interval();
  return {{"n", labels.texts()},
          {"correct", labels.correct()},
          {"failed", labels.failed()},
          {"accuracy", labels.accuracy()},
          {"accuracy_interval", {interval.low, interval.high}},
          {"confusion", std::move(confusion)},
          {"unknown_labels", std::move(unknown)}};
}

Json shadow_json(const Report& report) {
  const Shadow& shadow = *report.shadow;
  Json table = Json::array();
  for (const auto& [pair, count] : shadow.table()) {
    table.push_back({{"from", pair.first}, {"to", pair.second}, {"count", count}});
  }
  Json flips = Json::array();
  for (const Flip& flip : shadow.flips()) {
    flips.push_back({{"file", flip.file},
                     {"line", flip.line},
                     {"record", flip.record},
                     {"from", flip.from},
                     {"to", flip.to},
                     {"from_confidence", flip.from_confidence},
                     {"to_confidence", flip.to_confidence}});
  }
  const stats::Interval interval = shadow.agreement_interval();
  Json json{{"model", report.against},
            {"n", shadow.texts()},
            {"flipped", shadow.flipped()},
            {"flip_share", shadow.flip_share()},
            {"agreement", shadow.agreement()},
            {"agreement_interval", {interval.low, interval.high}},
            {"confidence_shift",
             {{"mean", shadow.mean_shift()},
              {"mean_absolute", shadow.mean_absolute_shift()},
              {"largest_absolute", shadow.largest_absolute_shift()}}},
            {"newly_abstained", shadow.newly_abstained()},
            {"no_longer_abstained", shadow.no_longer_abstained()},
            {"unmatched", shadow.unmatched()},
            {"table", std::move(table)},
            {"flips", std::move(flips)},
            {"flips_left_out", shadow.flipped() - std::min<std::uint64_t>(shadow.flipped(), Shadow::kMaxListed)}};
  json["max_flips"] = report.max_flips ? Json(*report.max_flips) : Json(nullptr);
  return json;
}

// A raw line break cannot stand within a JSON string, so between tokens a blank does as well.
std::string on_one_line(std::string_view json) {
  std::string line(json);
  std::replace_if(
      line.begin(), line.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
  return line;
}

}  // namespace

std::string to_json(const Report& report) {
  const Summary& summary = *report.summary;
  const Tally& total = summary.total();
  Json result = tally_json(total, per_second(total.latency.count(), report.run->nanoseconds));
  result["seconds"] = static_cast<double>(report.run->nanoseconds) / 1e9;
  result["threads"] = report.jobs;
  Json sources = Json::object();
  for (int i = 0; i < events::kSourceCount; ++i) {
    const auto source = static_cast<events::Source>(i);
    if (const Tally* tally = summary.of(source)) {
      sources[std::string(events::source_name(source))] =
          tally_json(*tally, per_second(tally->latency.count(), tally->nanoseconds / report.jobs));
    }
  }
  result["sources"] = std::move(sources);
  result["without_source"] = summary.without_source().events;
  result["failures"] = findings_json(summary.failures());
  result["failures_left_out"] = total.failed - summary.failures().size();
  result["differences"] = findings_json(summary.differences());
  result["differences_left_out"] = total.differ - summary.differences().size();
  result["files"] = report.run->reading.files;
  result["unreadable_files"] = report.run->reading.unreadable_files;
  result["passed_over"] = report.passed_over;
  result["log_lines_without_event"] = report.run->reading.lines_without;
  result["stopped_early"] = report.run->stopped;
  result["passed"] = report.passed;
  if (!report.model.empty()) result["model"] = report.model;
  if (!report.endpoint.empty()) result["endpoint"] = report.endpoint;
  if (report.updating) result["updated"] = {{"events", report.updated}, {"files", report.updated_files}};
  result["accuracy"] = nullptr;
  if (report.labels != nullptr && report.labels->texts() > 0) {
    result["labels"] = labels_json(*report.labels);
    result["accuracy"] = report.labels->accuracy();
  }
  if (report.shadow != nullptr) result["against"] = shadow_json(report);
  return json::result_text(std::move(result));
}

std::string to_json_line(const Replayed& replayed, bool with_latency) {
  std::string line = "{\"file\":";
  json::append_string(line, replayed.recording.file);
  line += ",\"line\":" + std::to_string(replayed.recording.line) + ",\"source\":";
  const std::string_view source = source_of(replayed);
  if (source.empty()) {
    line += "null";
  } else {
    json::append_string(line, source);
  }
  line += replayed.ok() ? ",\"ok\":true" : ",\"ok\":false";
  const std::string& body = replayed.reply.answer.body;
  line += ",\"response\":" + (body.empty() ? "null" : on_one_line(body));
  if (!replayed.ok()) {
    line += ",\"error\":";
    json::append_string(line, replayed.failure);
  }
  if (replayed.differences) {
    line += ",\"differences\":" + json::compact(differences_json(*replayed.differences));
  }
  if (with_latency) {
    Json latencies = Json::array();
    for (const std::uint64_t nanosecond : replayed.latencies) latencies.push_back(microseconds(nanosecond));
    line += ",\"latency_us\":" + latencies.dump();
  }
  return line + "}\n";
}

}  // namespace textlambda::replay
