#include "textlambda/sources/call_log.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "textlambda/archive/input_bytes.h"
#include "textlambda/io/error.h"
#include "textlambda/json/document.h"
#include "textlambda/recording/input_list.h"
#include "textlambda/recording/reader.h"
#include "textlambda/text/timestamp.h"

namespace textlambda::sources {
namespace {

constexpr std::string_view kReport = "REPORT RequestId: ";
constexpr std::size_t kDeepestLogLine = 20;

Nanoseconds from_milliseconds(double value) { return static_cast<Nanoseconds>(std::llround(value * 1e6)); }

// The number behind a name, "Duration: 1.23 ms"; nothing where it is not there.
std::optional<double> number_behind(std::string_view line, std::string_view name) {
  const std::size_t at = line.find(name);
  if (at == std::string_view::npos) return std::nullopt;
  const char* const begin = line.data() + at + name.size();
  double value = 0;
  const auto [end, error] = std::from_chars(begin, line.data() + line.size(), value);
  return error == std::errc() && std::isfinite(value) && value >= 0 ? std::optional(value) : std::nullopt;
}

// A time stamp at the front of a line, with its zone or, as `aws logs tail --format short` has it, without; `sam logs`
// has the stream's name before it.
std::optional<std::int64_t> time_before(std::string_view line) {
  for (int i = 0; i < 2; ++i) {
    const std::size_t end = std::min(line.find_first_of(" \t"), line.size());
    const std::string word(line.substr(0, end));
    if (const std::optional<std::int64_t> time = text::parse_rfc3339(word)) return time;
    if (const std::optional<std::int64_t> time = text::parse_rfc3339(word + "Z")) return time;
    line.remove_prefix(std::min(line.size(), end + 1));
  }
  return std::nullopt;
}

std::optional<double> number_member(const nlohmann::json* object, const char* name) {
  const nlohmann::json* value = json::member(object, name);
  return value != nullptr && value->is_number() && value->get<double>() >= 0 ? std::optional(value->get<double>())
                                                                             : std::nullopt;
}

// {"time": …, "type": "platform.report", "record": {"requestId": …, "metrics": {…}}}
std::optional<Report> read_json_report(std::string_view line) {
  const std::size_t begin = line.find('{');
  if (begin == std::string_view::npos || line.find("platform.report") == std::string_view::npos) return std::nullopt;
  nlohmann::json document;
  if (!json::parse(line.substr(begin), kDeepestLogLine, document)) return std::nullopt;
  const nlohmann::json* record = json::member(document, "record");
  const nlohmann::json* metrics = json::member(record, "metrics");
  const std::optional<double> duration = number_member(metrics, "durationMs");
  if (!duration) return std::nullopt;
  Report report;
  if (const std::string* id = json::string_member(*record, "requestId"); id != nullptr) report.request_id = *id;
  report.duration = from_milliseconds(*duration);
  report.memory_mb = static_cast<std::uint32_t>(std::min(number_member(metrics, "memorySizeMB").value_or(0), 1e6));
  if (const auto init = number_member(metrics, "initDurationMs")) report.init = from_milliseconds(*init);
  if (const std::string* time = json::string_member(document, "time"); time != nullptr) {
    report.time_ms = text::parse_rfc3339(*time);
  }
  return report;
}

// All lines of REPORT in what a file holds.
class ReportReader {
 public:
  explicit ReportReader(std::vector<Report>& reports) : reports_(reports) {}

  void read(std::string_view text) {
    if (text.find(kReport) == std::string_view::npos && text.find("platform.report") == std::string_view::npos) return;
    if (read_answer_of_logs(text)) return;
    while (!text.empty()) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      if (std::optional<Report> report = read_report(text.substr(0, end))) reports_.push_back(std::move(*report));
      text.remove_prefix(std::min(text.size(), end + 1));
    }
  }

 private:
  // {"events": [{"timestamp": milliseconds, "message": line}]}
  bool read_answer_of_logs(std::string_view text) {
    if (!text.starts_with('{')) return false;
    nlohmann::json document;
    if (!json::parse(text, kDeepestLogLine, document)) return false;
    const nlohmann::json* events = json::member(document, "events");
    if (events == nullptr || !events->is_array()) return false;
    for (const nlohmann::json& event : *events) {
      const std::string* message = json::string_member(event, "message");
      std::optional<Report> report = message == nullptr ? std::nullopt : read_report(*message);
      if (!report) continue;
      const nlohmann::json* time = json::member(event, "timestamp");
      if (time != nullptr && time->is_number_integer()) report->time_ms = time->get<std::int64_t>();
      reports_.push_back(std::move(*report));
    }
    return true;
  }

  std::vector<Report>& reports_;
};

std::optional<double> recorded_number(const std::optional<std::string>& json) {
  if (!json) return std::nullopt;
  double value = 0;
  const auto [end, error] = std::from_chars(json->data(), json->data() + json->size(), value);
  const bool whole = error == std::errc() && end == json->data() + json->size();
  return whole && std::isfinite(value) && value >= 0 ? std::optional(value) : std::nullopt;
}

std::string recorded_request_id(const recording::Recording& recording) {
  if (recording.request_id) return json::string_content(*recording.request_id).value_or("");
  nlohmann::json context;
  if (!recording.context || !json::parse(*recording.context, kDeepestLogLine, context)) return "";
  const std::string* id = json::string_member(context, "request_id");
  return id == nullptr ? "" : *id;
}

class CallReader {
 public:
  CallReader(const CallLogOptions& options, std::vector<Report>&& reports)
      : options_(options), reports_(std::move(reports)) {
    for (std::size_t i = 0; i < reports_.size(); ++i) {
      if (!reports_[i].request_id.empty()) by_id_.emplace(reports_[i].request_id, i);
    }
    used_.assign(reports_.size(), false);
  }

  void add(const recording::Recording& recording) {
    const auto refuse = [&](std::string_view why) { io::throw_input(why, recording.file, recording.line); };
    if (!recording.bad_reason.empty()) refuse(recording.bad_reason);
    const std::optional<std::string> text = recording.time ? json::string_content(*recording.time) : std::nullopt;
    const std::optional<std::int64_t> time = text ? text::parse_rfc3339(*text) : std::nullopt;
    if (!time) {
      refuse(recording.time ? "its \"time\" is none, such as \"2026-11-03T10:22:00.123Z\""
                            : "has no \"time\": when it was called is not known");
    }
    Call call;
    call.arrival = *time * kMillisecond;
    if (!fill_in(recording, call)) {
      refuse("has no \"duration_ms\", and no line of REPORT has its request id: how long it took is not known");
    }
    log_.calls.push_back(call);
    ++log_.recordings;
  }

  // Those that no recording belongs to are calls of their own.
  CallLog finish() && {
    for (std::size_t i = 0; i < reports_.size(); ++i) {
      const Report& report = reports_[i];
      if (report.init) log_.inits.push_back(*report.init);
      if (used_[i] || !report.time_ms) continue;
      const Nanoseconds over = *report.time_ms * kMillisecond;
      const Nanoseconds took = report.duration + report.init.value_or(0);
      log_.calls.push_back({std::max<Nanoseconds>(0, over - took), report.duration, memory_of(report.memory_mb)});
      ++log_.reports;
    }
    return std::move(log_);
  }

 private:
  std::uint32_t memory_of(std::uint32_t said) const { return said == 0 ? options_.memory_mb : said; }

  bool fill_in(const recording::Recording& recording, Call& call) {
    call.memory_mb =
        memory_of(static_cast<std::uint32_t>(std::min(recorded_number(recording.memory_mb).value_or(0), 1e6)));
    if (const auto init = recorded_number(recording.init_ms); init && *init > 0) {
      log_.inits.push_back(from_milliseconds(*init));
    }
    const auto report = by_id_.find(recorded_request_id(recording));
    if (const std::optional<double> duration = recorded_number(recording.duration_ms)) {
      call.duration = from_milliseconds(*duration);
    } else if (report != by_id_.end()) {
      call.duration = reports_[report->second].duration;
      call.memory_mb = memory_of(reports_[report->second].memory_mb);
    } else if (options_.duration) {
      call.duration = *options_.duration;
      call.memory_mb = options_.memory_mb;
    } else if (options_.measure) {
      call.duration = options_.measure(recording.event);
      call.memory_mb = 1769;
    } else {
      return false;
    }
    if (report != by_id_.end()) used_[report->second] = true;
    return true;
  }

  const CallLogOptions& options_;
  std::vector<Report> reports_;
  std::unordered_map<std::string, std::size_t> by_id_;
  std::vector<bool> used_;
  CallLog log_;
};

}  // namespace

Nanoseconds CallLog::median_init() const {
  if (inits.empty()) return 0;
  std::vector<Nanoseconds> sorted = inits;
  std::sort(sorted.begin(), sorted.end());
  return sorted[(sorted.size() - 1) / 2];
}

std::optional<Report> read_report(std::string_view line) {
  const std::size_t at = line.find(kReport);
  if (at == std::string_view::npos) return read_json_report(line);
  const std::string_view rest = line.substr(at + kReport.size());
  const std::optional<double> duration = number_behind(rest, "Duration: ");
  if (!duration) return std::nullopt;
  Report report;
  report.request_id = rest.substr(0, rest.find_first_of(" \t"));
  report.duration = from_milliseconds(*duration);
  report.memory_mb = static_cast<std::uint32_t>(std::min(number_behind(rest, "Memory Size: ").value_or(0), 1e6));
  if (const std::optional<double> init = number_behind(rest, "Init Duration: ")) report.init = from_milliseconds(*init);
  if (at > 0) report.time_ms = time_before(line);
  return report;
}

CallLog read_calls(const std::vector<std::string>& paths, const CallLogOptions& options) {
  if (std::find(paths.begin(), paths.end(), "-") != paths.end()) {
    io::throw_usage("calls are read in two passes: expected files, not standard input");
  }
  std::vector<Report> reports;
  const recording::Reader reader(paths, {});
  for (const std::string& file : reader.files()) {
    const archive::InputBytes bytes = archive::InputBytes::open(file);
    ReportReader(reports).read(bytes.view());
  }
  CallReader calls(options, std::move(reports));
  reader.read([&](recording::Recording&& recording) {
    calls.add(recording);
    return true;
  });
  CallLog log = std::move(calls).finish();
  if (log.calls.empty()) {
    io::throw_input("holds no call: neither a recording with a time nor a line of REPORT behind a time stamp",
                    paths.empty() ? "" : paths.front());
  }
  return log;
}

}  // namespace textlambda::sources
