// What a replay came to: counts and latencies by source, and a list of what went wrong. A plain accumulator; not
// thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "textlambda/events/source.h"
#include "textlambda/replay/label_score.h"
#include "textlambda/replay/replayer.h"
#include "textlambda/replay/shadow.h"
#include "textlambda/stats/latency_histogram.h"

namespace textlambda::replay {

struct Tally {
  std::uint64_t events = 0;
  std::uint64_t records = 0;
  std::uint64_t ok = 0;
  std::uint64_t failed = 0;
  std::uint64_t abstained = 0;  // records
  std::uint64_t compared = 0;   // events with a recorded response, where that is looked at
  std::uint64_t differ = 0;
  std::uint64_t by_model = 0;     // events that differ in nothing but the model that answered
  std::uint64_t by_model_id = 0;  // of those, in nothing but its id
  std::uint64_t as_recorded = 0;  // of the failed ones, those whose failure is the recorded response
  stats::LatencyHistogram latency;
  std::uint64_t nanoseconds = 0;  // the sum of all latencies

  void add(const Replayed& replayed);
};

// An event that failed, or differs.
struct Finding {
  std::string file;
  std::uint64_t line = 0;
  std::string source;  // empty where it is not known
  std::string reason;  // of a failure
  bool as_recorded = false;
  std::vector<Difference> differences;
  std::string confidence;  // "0.51 → 0.53" where both answers have one beside a label that differs
};

class Summary {
 public:
  void add(const Replayed& replayed);

  const Tally& total() const { return total_; }
  // nullptr where there was no event of that source.
  const Tally* of(events::Source source) const;
  // Events whose source is not known: no JSON, no shape of any source, unreadable files.
  const Tally& without_source() const { return tallies_.back(); }

  // The first kMaxListed, in order; the tallies have them all.
  const std::vector<Finding>& failures() const { return failures_; }
  const std::vector<Finding>& differences() const { return differences_; }

  // Failures and differences that are to be complained about.
  bool passed() const { return total_.differ == 0 && total_.failed == total_.as_recorded; }

  static constexpr std::size_t kMaxListed = 100'000;

 private:
  Tally total_;
  std::array<Tally, events::kSourceCount + 1> tallies_;
  std::vector<Finding> failures_;
  std::vector<Finding> differences_;
};

// The name that reports give to an event's source; empty where it has none.
std::string_view source_of(const Replayed& replayed);

// Everything that a report of the whole replay says. What is not there is nullptr or empty.
struct Report {
  const Summary* summary = nullptr;
  const ReplayRun* run = nullptr;
  const LabelScore* labels = nullptr;
  const Shadow* shadow = nullptr;
  std::string model;     // id
  std::string against;   // id
  std::string endpoint;  // instead of a model
  std::vector<std::string> passed_over;
  unsigned jobs = 1;
  bool expecting = false;
  bool updating = false;
  std::uint64_t updated = 0;  // events whose response was rewritten
  std::uint64_t updated_files = 0;
  std::optional<double> max_flips;
  bool passed = false;
};

// One JSON object, indented, keys sorted: docs/replay.md lists them. Latencies in microseconds.
std::string to_json(const Report& report);

// One line of JSON, ended by "\n": {"file", "line", "source", "ok", "response"}, and "error" where not ok,
// "differences" where compared, "latency_us" where `with_latency`.
std::string to_json_line(const Replayed& replayed, bool with_latency);

}  // namespace textlambda::replay
