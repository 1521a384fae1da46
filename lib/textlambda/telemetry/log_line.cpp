#include "textlambda/telemetry/log_line.h"

#include <algorithm>

#include "textlambda/json/write.h"
#include "textlambda/text/timestamp.h"
#include "textlambda/text/utf8.h"

namespace textlambda::telemetry {
namespace {

// A message or an id of any length still makes a line that is not cut: at most six bytes of JSON come of one of text.
constexpr std::size_t kLongestField = 4096;

std::string_view level_name(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return "DEBUG";
    case LogLevel::info:
      return "INFO";
    case LogLevel::warn:
      return "WARN";
    case LogLevel::error:
    case LogLevel::off:
      return "ERROR";
  }
  return "ERROR";
}

class Line {
 public:
  Line(LogLevel level, const LogMoment& moment, std::string_view message) {
    text_ = R"({"timestamp":")" + text::rfc3339(moment.time_ms) + R"(","level":")";
    text_ += level_name(level);
    text_ += '"';
    string("message", message);
    if (!moment.request_id.empty()) string("requestId", moment.request_id);
  }

  void string(std::string_view key, std::string_view value, std::size_t longest = kLongestField) {
    name(key);
    json::append_string(text_, text::utf8_front(value, longest));
  }
  void count(std::string_view key, std::size_t value) {
    name(key);
    text_ += std::to_string(value);
  }
  template <typename Number>
  void number(std::string_view key, Number value) {
    name(key);
    json::append_number(text_, value);
  }
  void flag(std::string_view key) {
    name(key);
    text_ += "true";
  }
  std::string end() && { return std::move(text_) + "}"; }

 private:
  void name(std::string_view key) {
    text_ += ",\"";
    text_ += key;
    text_ += "\":";
  }

  std::string text_;
};

std::string record_line(const LogMoment& moment, const RecordOutcome& record) {
  if (!record.ok) {
    Line line(LogLevel::warn, moment, "record failed");
    if (!record.id.empty()) line.string("record", record.id);
    line.string("error", record.error);
    return std::move(line).end();
  }
  Line line(LogLevel::debug, moment, record.skipped ? "record skipped" : "record classified");
  if (!record.id.empty()) line.string("record", record.id);
  if (record.skipped) {
    line.string("note", record.note);
  } else {
    line.string("label", record.label);
    line.number("confidence", record.confidence);
    if (record.abstained) line.flag("abstained");
  }
  return std::move(line).end();
}

}  // namespace

std::string message_line(LogLevel level, const LogMoment& moment, std::string_view message,
                         std::string_view error_type) {
  Line line(level, moment, message);
  if (!error_type.empty()) line.string("errorType", error_type);
  return std::move(line).end();
}

LogLevel level_of(const Answer& answer) {
  if (!answer.ok) return LogLevel::error;
  const bool failed =
      std::any_of(answer.records.begin(), answer.records.end(), [](const RecordOutcome& record) { return !record.ok; });
  return failed || answer.status_code >= 400 ? LogLevel::warn : LogLevel::info;
}

std::string invocation_line(const LogMoment& moment, const Answer& answer, double milliseconds) {
  Line line(level_of(answer), moment, answer.ok ? "answered" : "failed");
  line.string("source", answer.recognised ? events::source_name(answer.source) : "unknown");
  const auto count = [&](auto&& is) {
    return static_cast<std::size_t>(std::count_if(answer.records.begin(), answer.records.end(), is));
  };
  line.count("records", answer.records.size());
  line.count("failed", count([](const RecordOutcome& record) { return !record.ok; }));
  line.count("abstained", count([](const RecordOutcome& record) { return record.abstained; }));
  line.count("skipped", count([](const RecordOutcome& record) { return record.skipped; }));
  if (answer.status_code != 0) line.count("statusCode", static_cast<std::size_t>(answer.status_code));
  line.number("durationMs", milliseconds);
  if (!answer.ok) {
    line.string("errorType", answer.error_type);
    line.string("error", answer.error_message);
  }
  return std::move(line).end();
}

std::vector<std::string> record_lines(const LogMoment& moment, const Answer& answer, LogLevel lowest) {
  std::vector<std::string> lines;
  std::size_t left_out = 0;
  for (const RecordOutcome& record : answer.records) {
    if ((record.ok ? LogLevel::debug : LogLevel::warn) < lowest) continue;
    if (lines.size() < kMostRecordLines) {
      lines.push_back(record_line(moment, record));
    } else {
      ++left_out;
    }
  }
  if (left_out > 0) {
    lines.push_back(message_line(LogLevel::warn, moment, std::to_string(left_out) + " more records are not listed"));
  }
  return lines;
}

std::string text_line(const LogMoment& moment, std::size_t index, std::string_view text) {
  Line line(LogLevel::info, moment, "text");
  line.count("index", index);
  line.string("text", text, kLongestLoggedText);
  if (text.size() > kLongestLoggedText) line.count("bytes", text.size());
  return std::move(line).end();
}

}  // namespace textlambda::telemetry
