// The log of a function, in lines of JSON, one object each, without the newline: the keys `timestamp`, `level`,
// `message` and `requestId` are those of Lambda's own JSON log format, so that its filters work. Pure functions: who
// writes the lines, and the time, is the caller's business. No text of an event is in any line but text_line's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "textlambda/lambda/configuration.h"
#include "textlambda/lambda/handler.h"

namespace textlambda::telemetry {

using lambda::Answer;
using lambda::LogLevel;
using lambda::RecordOutcome;

// CloudWatch cuts an event at 256 KiB, and takes 26 bytes of those for itself.
inline constexpr std::size_t kLongestLogLine = (std::size_t{256} << 10) - 26;

// When a line is written, in milliseconds since 1970, and for which invocation; none before the first.
struct LogMoment {
  std::int64_t time_ms = 0;
  std::string_view request_id = {};
};

// A line with a message alone; `error_type` only where it is not empty.
std::string message_line(LogLevel level, const LogMoment& moment, std::string_view message,
                         std::string_view error_type = {});

// What became of an invocation: its source, its records by outcome, how long the handler took.
std::string invocation_line(const LogMoment& moment, const Answer& answer, double milliseconds);
// error: the invocation failed; warn: records of it failed, or a request got a 4xx or 5xx; info otherwise.
LogLevel level_of(const Answer& answer);

// A line for each failed record (warn) and, where `lowest` is debug, for every other one; of more than
// kMostRecordLines the rest is counted in a last line.
inline constexpr std::size_t kMostRecordLines = 100;
std::vector<std::string> record_lines(const LogMoment& moment, const Answer& answer, LogLevel lowest);

// A text that was classified, cut at kLongestLoggedText bytes: only where the user asked for texts in the log.
inline constexpr std::size_t kLongestLoggedText = 8192;
std::string text_line(const LogMoment& moment, std::size_t index, std::string_view text);

}  // namespace textlambda::telemetry
