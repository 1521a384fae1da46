// What became of the invocations: figures by function and in all, in an amount of memory that does not grow with their
// number, and the last of them one by one. What `GET /_textlambda/stats` and the summary at the end tell. No clock of
// its own. Not thread-safe.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "textlambda/stats/latency_histogram.h"

namespace textlambda::emulator {

// How the caller asked, or what asked in the place of one.
enum class InvocationKind { request_response, event, url, source };

enum class InvocationOutcome {
  succeeded,
  function_error,  // the function said so, or its process ended
  timed_out,
  throttled,  // it never began: 429, or an event that waits for its next attempt
};

enum class EnvironmentEnd {
  idle,      // nobody called for long
  stopped,   // with the emulator, or with its function
  replaced,  // the function's code or configuration is another one
  timed_out,
  exited,  // of itself or by a signal
  out_of_memory,
  init_failed,
};
inline constexpr std::size_t kEnvironmentEnds = static_cast<std::size_t>(EnvironmentEnd::init_failed) + 1;

std::string_view name_of(InvocationKind kind);        // "request_response"
std::string_view name_of(InvocationOutcome outcome);  // "function_error"
std::string_view name_of(EnvironmentEnd reason);      // "out_of_memory"

// One invocation that is over. Texts are kept up to kLongestText bytes.
struct InvocationRecord {
  std::string function;
  std::string version = "$LATEST";
  std::string request_id;
  std::string trace_id;
  std::chrono::system_clock::time_point began;
  bool cold = false;
  std::chrono::nanoseconds duration{};  // as REPORT has it: without the initialisation
  std::chrono::nanoseconds init{};      // 0 where it was warm
  std::chrono::milliseconds billed{};   // billed_duration(); 0 where it was throttled
  std::uint64_t peak_bytes = 0;
  unsigned memory_mb = 128;
  std::uint64_t event_bytes = 0;
  std::uint64_t answer_bytes = 0;
  InvocationKind kind = InvocationKind::request_response;
  InvocationOutcome outcome = InvocationOutcome::succeeded;
  std::string error_type;  // of an error, where it has one
};

// The figures of a function, or of all.
struct InvocationFigures {
  void began();
  void ended(const InvocationRecord& record);
  void environment_started();
  void environment_ended(EnvironmentEnd reason);

  std::uint64_t invocations() const { return succeeded + function_errors + timed_out; }
  bool is_in_use() const { return in_flight > 0 || environments > 0; }

  std::uint64_t succeeded = 0;
  std::uint64_t function_errors = 0;
  std::uint64_t timed_out = 0;
  std::uint64_t throttled = 0;
  std::uint64_t cold_starts = 0;
  std::uint64_t in_flight = 0;
  std::uint64_t peak_concurrency = 0;  // invocations at a time
  std::uint64_t billed_ms = 0;
  std::uint64_t megabyte_milliseconds = 0;
  std::uint64_t peak_bytes = 0;
  unsigned memory_mb = 0;                // of the last invocation
  std::uint64_t nanoseconds = 0;         // of all durations together
  std::uint64_t init_nanoseconds = 0;    // of all initialisations together
  stats::LatencyHistogram durations;     // nanoseconds
  stats::LatencyHistogram inits;         // nanoseconds; of cold starts
  std::uint64_t environments = 0;        // now
  std::uint64_t peak_environments = 0;   // at a time
  std::uint64_t environments_ended = 0;  // in all
  std::array<std::uint64_t, kEnvironmentEnds> ended_by{};

  // For a picture: six buckets a decade. Bucket i holds durations from edge i up to, but not with, edge i + 1; the
  // first takes what is below, the last what is above.
  static constexpr std::size_t kPictureBuckets = 50;      // 10 microseconds to 1500 seconds
  static std::uint64_t picture_edge(std::size_t bucket);  // nanoseconds
  std::array<std::uint64_t, kPictureBuckets> picture{};
};

class InvocationHistory {
 public:
  static constexpr std::size_t kRecent = 200;  // invocations that are kept one by one
  static constexpr std::size_t kLongestText = 256;
  // More are named no longer, the one that has rested longest first, unless it has environments; they still count in
  // the totals.
  static constexpr std::size_t kMostFunctions = 200;

  explicit InvocationHistory(std::chrono::system_clock::time_point since) : since_(since) {}

  // An invocation that is not throttled begins; ended() follows in any case.
  void began(const std::string& function);
  void ended(InvocationRecord record);
  void environment_started(const std::string& function);
  void environment_ended(const std::string& function, EnvironmentEnd reason);

  const InvocationFigures& totals() const { return totals_; }
  // Of a function that has been invoked, or has environments; null for any other.
  const InvocationFigures* find(const std::string& function) const;
  // The last ones, the newest at the end.
  const std::deque<InvocationRecord>& recent() const { return recent_; }

  // docs/json.md has the fields (`stats`). Of recent invocations those after the `after`-th that ended, from 1 on.
  std::string to_json(std::uint64_t after = 0) const;

  // For people: the totals, and a line a function.
  std::vector<std::string> summary_lines() const;

 private:
  struct Function {
    InvocationFigures figures;
    std::uint64_t used = 0;  // larger is later
  };

  InvocationFigures& figures_of(std::string function);
  void make_room();

  std::chrono::system_clock::time_point since_;
  InvocationFigures totals_;
  std::map<std::string, Function> functions_;
  std::uint64_t functions_left_out_ = 0;
  std::uint64_t uses_ = 0;
  std::deque<InvocationRecord> recent_;
  std::uint64_t ended_ = 0;  // in all
};

}  // namespace textlambda::emulator
