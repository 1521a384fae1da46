// When a function was called and how long it took, out of what was recorded of it:
//
// - lines of REPORT with a time stamp before them, as `aws logs tail` and exports have them, Lambda's JSON logs
//   ("platform.report"), and the answer of `aws logs filter-log-events`: a call each, over at the line's time;
// - recordings with "time" (docs/replay.md): a call each, begun at that time, as long as its "duration_ms" says, or a
// line
//   of REPORT with its request id, or else as long as the options say.
//
// Not thread-safe.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "textlambda/sources/capacity.h"

namespace textlambda::sources {

struct CallLogOptions {
  // Of a recording that does not say: what it is measured to take, with one whole processor; or assumed to.
  std::function<Nanoseconds(std::string_view event)> measure;
  std::optional<Nanoseconds> duration;
  std::uint32_t memory_mb = 1769;  // that such a duration, and one without a memory, is of
};

struct CallLog {
  std::vector<Call> calls;
  std::vector<Nanoseconds> inits;  // of the cold starts that were seen
  std::uint64_t reports = 0;       // calls that are lines of REPORT
  std::uint64_t recordings = 0;    // calls that are recordings

  // The one in the middle; 0 where none was seen.
  Nanoseconds median_init() const;
};

// Of files, folders and globs as recording::Reader takes them. Throws Error(input_output), naming file and line, for a
// recording without a time or whose duration nobody knows, and where there is no call at all.
CallLog read_calls(const std::vector<std::string>& paths, const CallLogOptions& options);

// A line of REPORT, taken apart; nothing where `line` holds none. `time_ms` where a time stamp stands before it, or in
// it.
struct Report {
  std::string request_id;
  Nanoseconds duration = 0;
  std::uint32_t memory_mb = 0;
  std::optional<Nanoseconds> init;
  std::optional<std::int64_t> time_ms;
};
std::optional<Report> read_report(std::string_view line);

}  // namespace textlambda::sources
